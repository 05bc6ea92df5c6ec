// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/crypto-key.h"

#include "model/wire/crypto-ecdsa.h"

#include <algorithm>
#include <array>
#include <deque>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace ns3::iotfleet::wire
{

namespace
{

using Bytes = std::vector<uint8_t>;
using Key = std::shared_ptr<EVP_PKEY>;

template <auto Free>
struct FreeWith
{
    template <typename T>
    void operator()(T* p) const
    {
        Free(p);
    }
};

using Bio = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Bignum = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeWith<ECDSA_SIG_free>>;

enum class Scheme : uint8_t
{
    ECDSA,
    EDDSA,
    PSS,
};

struct AlgorithmInfo
{
    SignatureAlgorithm algorithm; //!< its COSE number
    Scheme scheme;                //!< family
    const char* digest;           //!< OpenSSL's digest name, null for EdDSA
    std::optional<Curve> curve;   //!< the only curve allowed, if the algorithm names one
    int edwards;                  //!< the only Edwards key type allowed, 0 for either
};

// RFC 9053 tables 1 and 2, RFC 8230 table 1, RFC 9864 tables 1 and 2.
constexpr std::array ALGORITHMS{
    AlgorithmInfo{SignatureAlgorithm::ES256, Scheme::ECDSA, "SHA256", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::EDDSA, Scheme::EDDSA, nullptr, std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::ESP256, Scheme::ECDSA, "SHA256", Curve::P256, 0},
    AlgorithmInfo{SignatureAlgorithm::ED25519,
                  Scheme::EDDSA,
                  nullptr,
                  std::nullopt,
                  EVP_PKEY_ED25519},
    AlgorithmInfo{SignatureAlgorithm::ES384, Scheme::ECDSA, "SHA384", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::ES512, Scheme::ECDSA, "SHA512", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::PS256, Scheme::PSS, "SHA256", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::PS384, Scheme::PSS, "SHA384", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::PS512, Scheme::PSS, "SHA512", std::nullopt, 0},
    AlgorithmInfo{SignatureAlgorithm::ESP384, Scheme::ECDSA, "SHA384", Curve::P384, 0},
    AlgorithmInfo{SignatureAlgorithm::ESP512, Scheme::ECDSA, "SHA512", Curve::P521, 0},
    AlgorithmInfo{SignatureAlgorithm::ED448, Scheme::EDDSA, nullptr, std::nullopt, EVP_PKEY_ED448},
};

const AlgorithmInfo*
FindAlgorithm(int64_t value)
{
    const auto* const row = std::ranges::find_if(ALGORITHMS, [value](const AlgorithmInfo& info) {
        return static_cast<int64_t>(info.algorithm) == value;
    });
    return row == ALGORITHMS.end() ? nullptr : row;
}

const AlgorithmInfo&
GetAlgorithm(SignatureAlgorithm algorithm)
{
    const AlgorithmInfo* const info = FindAlgorithm(static_cast<int64_t>(algorithm));
    if (info == nullptr)
    {
        throw CryptoError("unknown signature algorithm");
    }
    return *info;
}

void
Require(bool ok, const char* what)
{
    if (!ok)
    {
        ERR_clear_error();
        throw CryptoError(std::string("OpenSSL: ") + what);
    }
}

Key
Own(EVP_PKEY* key, const char* what)
{
    Require(key != nullptr, what);
    return {key, EVP_PKEY_free};
}

Bio
OpenText(std::string_view text)
{
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    Require(bio != nullptr, "no memory");
    return bio;
}

// Collects named parameters and turns them into a key; the numbers must live until then.
class KeyMaker
{
  public:
    KeyMaker()
        : m_builder(OSSL_PARAM_BLD_new())
    {
        Require(m_builder != nullptr, "no memory");
    }

    KeyMaker& Text(const char* name, const char* value)
    {
        Require(OSSL_PARAM_BLD_push_utf8_string(m_builder.get(), name, value, 0) == 1, name);
        return *this;
    }

    KeyMaker& Octets(const char* name, const Bytes& value)
    {
        Require(
            OSSL_PARAM_BLD_push_octet_string(m_builder.get(), name, value.data(), value.size()) ==
                1,
            name);
        return *this;
    }

    KeyMaker& Number(const char* name, std::span<const uint8_t> value)
    {
        if (!value.empty())
        {
            m_numbers.emplace_back(
                BN_bin2bn(value.data(), static_cast<int>(value.size()), nullptr));
            Require(OSSL_PARAM_BLD_push_BN(m_builder.get(), name, m_numbers.back().get()) == 1,
                    name);
        }
        return *this;
    }

    Key Make(const char* type, bool hasPrivateHalf)
    {
        const std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>> parameters(
            OSSL_PARAM_BLD_to_param(m_builder.get()));
        const std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>> context(
            EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
        EVP_PKEY* key = nullptr;
        Require(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(),
                                      &key,
                                      hasPrivateHalf ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                                      parameters.get()) == 1,
                "not a valid key");
        return Own(key, type);
    }

  private:
    std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>> m_builder; //!< the list
    std::deque<Bignum> m_numbers; //!< integers the list points to
};

Key
MakeRsa(const RsaNumbers& numbers, bool hasPrivateHalf)
{
    KeyMaker maker;
    maker.Number(OSSL_PKEY_PARAM_RSA_N, numbers.n).Number(OSSL_PKEY_PARAM_RSA_E, numbers.e);
    if (hasPrivateHalf)
    {
        maker.Number(OSSL_PKEY_PARAM_RSA_D, numbers.d)
            .Number(OSSL_PKEY_PARAM_RSA_FACTOR1, numbers.p)
            .Number(OSSL_PKEY_PARAM_RSA_FACTOR2, numbers.q)
            .Number(OSSL_PKEY_PARAM_RSA_EXPONENT1, numbers.dp)
            .Number(OSSL_PKEY_PARAM_RSA_EXPONENT2, numbers.dq)
            .Number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, numbers.qi);
    }
    return maker.Make("RSA", hasPrivateHalf);
}

const char*
EdwardsName(EdwardsCurve curve)
{
    return curve == EdwardsCurve::ED25519 ? "ED25519" : "ED448";
}

void
AppendPadded(Bytes& out, std::span<const uint8_t> number, std::size_t size)
{
    while (number.size() > size && number.front() == 0)
    {
        number = number.subspan(1);
    }
    if (number.size() > size)
    {
        throw CryptoError("coordinate longer than the curve's field");
    }
    out.insert(out.end(), size - number.size(), 0);
    out.insert(out.end(), number.begin(), number.end());
}

std::optional<Curve>
CurveOf(const EVP_PKEY* key)
{
    std::array<char, 64> name{};
    std::size_t length = 0;
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
        EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1)
    {
        return std::nullopt;
    }
    for (const Curve curve : {Curve::P256, Curve::P384, Curve::P521})
    {
        if (std::string_view(name.data(), length) == GetCurveInfo(curve).name)
        {
            return curve;
        }
    }
    return std::nullopt;
}

bool
Fits(const EVP_PKEY* key, const AlgorithmInfo& info)
{
    const int type = EVP_PKEY_get_base_id(key);
    switch (info.scheme)
    {
    case Scheme::ECDSA: {
        const auto curve = CurveOf(key);
        return curve && (!info.curve || info.curve == curve);
    }
    case Scheme::EDDSA:
        return info.edwards != 0 ? type == info.edwards
                                 : type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448;
    case Scheme::PSS:
        return type == EVP_PKEY_RSA;
    }
    return false;
}

// The library speaks DER for ECDSA; COSE speaks r||s. Nothing for a wrong length.
std::optional<Bytes>
ToDerSignature(Curve curve, std::span<const uint8_t> raw)
{
    const std::size_t half = GetCurveInfo(curve).fieldSize;
    if (raw.size() != 2 * half)
    {
        return std::nullopt;
    }
    const EcdsaSignature signature(ECDSA_SIG_new());
    Bignum r(BN_bin2bn(raw.data(), static_cast<int>(half), nullptr));
    Bignum s(BN_bin2bn(raw.data() + half, static_cast<int>(half), nullptr));
    Require(signature && r && s && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1,
            "ECDSA signature");
    // The signature owns the two numbers now.
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
    Require(size > 0, "ECDSA signature");
    Bytes der(static_cast<std::size_t>(size));
    uint8_t* end = der.data();
    i2d_ECDSA_SIG(signature.get(), &end);
    return der;
}

// RFC 8230 section 2: the mask uses the same digest and the salt is as long as the digest.
bool
SetPssPadding(EVP_PKEY_CTX* context)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

Bytes
EcScalarOf(const EVP_PKEY* key, Curve curve)
{
    BIGNUM* number = nullptr;
    Require(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1, "no private key");
    const Bignum owned(number);
    Bytes scalar(GetCurveInfo(curve).fieldSize);
    BN_bn2binpad(number, scalar.data(), static_cast<int>(scalar.size()));
    return scalar;
}

} // namespace

std::optional<SignatureAlgorithm>
ToSignatureAlgorithm(int64_t value)
{
    const AlgorithmInfo* const info = FindAlgorithm(value);
    return info == nullptr ? std::nullopt : std::optional(info->algorithm);
}

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key)
    : m_key(std::move(key))
{
}

PublicKey
PublicKey::FromPem(std::string_view pem)
{
    const Bio bio = OpenText(pem);
    return PublicKey(
        Own(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), "no public key in PEM"));
}

PublicKey
PublicKey::FromEcPoint(Curve curve, std::span<const uint8_t> x, std::span<const uint8_t> y)
{
    const CurveInfo& info = GetCurveInfo(curve);
    Bytes point{POINT_CONVERSION_UNCOMPRESSED};
    AppendPadded(point, x, info.fieldSize);
    AppendPadded(point, y, info.fieldSize);
    KeyMaker maker;
    maker.Text(OSSL_PKEY_PARAM_GROUP_NAME, info.name).Octets(OSSL_PKEY_PARAM_PUB_KEY, point);
    return PublicKey(maker.Make("EC", false));
}

PublicKey
PublicKey::FromEdwards(EdwardsCurve curve, std::span<const uint8_t> x)
{
    return PublicKey(Own(
        EVP_PKEY_new_raw_public_key_ex(nullptr, EdwardsName(curve), nullptr, x.data(), x.size()),
        "not an Edwards key"));
}

PublicKey
PublicKey::FromRsa(const RsaNumbers& numbers)
{
    return PublicKey(MakeRsa(numbers, false));
}

bool
PublicKey::Verify(SignatureAlgorithm algorithm,
                  std::span<const uint8_t> message,
                  std::span<const uint8_t> signature) const
{
    const AlgorithmInfo& info = GetAlgorithm(algorithm);
    if (!Fits(m_key.get(), info))
    {
        return false;
    }
    Bytes der;
    if (info.scheme == Scheme::ECDSA)
    {
        auto converted = ToDerSignature(*GetCurve(), signature);
        if (!converted)
        {
            return false;
        }
        der = std::move(*converted);
        signature = der;
    }
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* keyContext = nullptr;
    Require(context && EVP_DigestVerifyInit_ex(context.get(),
                                               &keyContext,
                                               info.digest,
                                               nullptr,
                                               nullptr,
                                               m_key.get(),
                                               nullptr) == 1,
            "signature check");
    Require(info.scheme != Scheme::PSS || SetPssPadding(keyContext), "PSS padding");
    const bool valid = EVP_DigestVerify(context.get(),
                                        signature.data(),
                                        signature.size(),
                                        message.data(),
                                        message.size()) == 1;
    ERR_clear_error();
    return valid;
}

std::optional<Curve>
PublicKey::GetCurve() const
{
    return CurveOf(m_key.get());
}

std::string
PublicKey::ToPem() const
{
    const Bio bio(BIO_new(BIO_s_mem()));
    Require(bio && PEM_write_bio_PUBKEY(bio.get(), m_key.get()) == 1, "PEM");
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key)
    : m_key(std::move(key))
{
}

SigningKey
SigningKey::FromPem(std::string_view pem)
{
    const Bio bio = OpenText(pem);
    // An own callback, or the library would ask for a pass phrase on the terminal.
    const auto noPassPhrase = [](char*, int, int, void*) { return -1; };
    return SigningKey(Own(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassPhrase, nullptr),
                          "no private key in PEM"));
}

SigningKey
SigningKey::FromEcScalar(Curve curve, std::span<const uint8_t> scalar)
{
    const Bytes point = MultiplyBasePoint(curve, scalar);
    KeyMaker maker;
    maker.Text(OSSL_PKEY_PARAM_GROUP_NAME, GetCurveInfo(curve).name)
        .Octets(OSSL_PKEY_PARAM_PUB_KEY, point)
        .Number(OSSL_PKEY_PARAM_PRIV_KEY, scalar);
    return SigningKey(maker.Make("EC", true));
}

SigningKey
SigningKey::FromSeed(std::span<const uint8_t, 32> seed)
{
    return FromEcScalar(Curve::P256, ReduceModuloOrder(Curve::P256, seed));
}

SigningKey
SigningKey::FromEdwards(EdwardsCurve curve, std::span<const uint8_t> secret)
{
    return SigningKey(Own(EVP_PKEY_new_raw_private_key_ex(nullptr,
                                                          EdwardsName(curve),
                                                          nullptr,
                                                          secret.data(),
                                                          secret.size()),
                          "not an Edwards key"));
}

SigningKey
SigningKey::FromRsa(const RsaNumbers& numbers)
{
    return SigningKey(MakeRsa(numbers, true));
}

std::vector<uint8_t>
SigningKey::Sign(SignatureAlgorithm algorithm, std::span<const uint8_t> message) const
{
    const AlgorithmInfo& info = GetAlgorithm(algorithm);
    if (!Fits(m_key.get(), info))
    {
        throw CryptoError("the key does not fit the signature algorithm");
    }
    if (info.scheme == Scheme::ECDSA)
    {
        const Curve curve = *CurveOf(m_key.get());
        return SignDeterministicEcdsa(curve, info.digest, EcScalarOf(m_key.get(), curve), message);
    }
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* keyContext = nullptr;
    Require(context && EVP_DigestSignInit_ex(context.get(),
                                             &keyContext,
                                             info.digest,
                                             nullptr,
                                             nullptr,
                                             m_key.get(),
                                             nullptr) == 1,
            "signature");
    Require(info.scheme != Scheme::PSS || SetPssPadding(keyContext), "PSS padding");
    Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(m_key.get())));
    std::size_t size = signature.size();
    Require(
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1,
        "signature");
    signature.resize(size);
    return signature;
}

SignatureAlgorithm
SigningKey::GetDefaultAlgorithm() const
{
    if (const auto curve = CurveOf(m_key.get()))
    {
        static constexpr std::array BY_CURVE{SignatureAlgorithm::ES256,
                                             SignatureAlgorithm::ES384,
                                             SignatureAlgorithm::ES512};
        return BY_CURVE[static_cast<std::size_t>(*curve)];
    }
    return EVP_PKEY_get_base_id(m_key.get()) == EVP_PKEY_RSA ? SignatureAlgorithm::PS256
                                                             : SignatureAlgorithm::EDDSA;
}

PublicKey
SigningKey::GetPublicKey() const
{
    // The library's key has both halves, and PublicKey offers no way to the private one.
    return PublicKey(m_key);
}

} // namespace ns3::iotfleet::wire

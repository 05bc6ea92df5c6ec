// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/crypto-ecdsa.h"

#include <initializer_list>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

namespace ns3::iotfleet::wire
{

namespace
{

using Bytes = std::vector<uint8_t>;

struct FreeBignum
{
    void operator()(BIGNUM* p) const
    {
        BN_clear_free(p);
    }
};

struct FreeBnContext
{
    void operator()(BN_CTX* p) const
    {
        BN_CTX_free(p);
    }
};

struct FreeGroup
{
    void operator()(EC_GROUP* p) const
    {
        EC_GROUP_free(p);
    }
};

struct FreePoint
{
    void operator()(EC_POINT* p) const
    {
        EC_POINT_free(p);
    }
};

using Bignum = std::unique_ptr<BIGNUM, FreeBignum>;
using Point = std::unique_ptr<EC_POINT, FreePoint>;

void
Require(bool ok, const char* what)
{
    if (!ok)
    {
        throw CryptoError(std::string("OpenSSL: ") + what);
    }
}

Bignum
NewBignum()
{
    Bignum number(BN_new());
    Require(number != nullptr, "no big number");
    return number;
}

Bignum
ToBignum(std::span<const uint8_t> bytes)
{
    Bignum number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    Require(number != nullptr, "no big number");
    return number;
}

Bytes
ToBytes(const BIGNUM* number, std::size_t size)
{
    Bytes out(size);
    Require(BN_bn2binpad(number, out.data(), static_cast<int>(size)) == static_cast<int>(size),
            "number longer than expected");
    return out;
}

// A curve with the scratch space its arithmetic needs.
struct Group
{
    explicit Group(Curve curve)
        : info(GetCurveInfo(curve)),
          group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(info.name))),
          scratch(BN_CTX_new())
    {
        Require(group != nullptr && scratch != nullptr, info.name);
    }

    const BIGNUM* Order() const
    {
        return EC_GROUP_get0_order(group.get());
    }

    Point MultiplyBase(const BIGNUM* scalar) const
    {
        Point point(EC_POINT_new(group.get()));
        Require(
            point != nullptr &&
                EC_POINT_mul(group.get(), point.get(), scalar, nullptr, nullptr, scratch.get()) ==
                    1,
            "point multiplication");
        return point;
    }

    const CurveInfo& info;                          //!< name and lengths
    std::unique_ptr<EC_GROUP, FreeGroup> group;     //!< the curve
    std::unique_ptr<BN_CTX, FreeBnContext> scratch; //!< temporaries
};

Bytes
Hash(const std::string& digest, std::span<const uint8_t> message)
{
    Bytes out(EVP_MAX_MD_SIZE);
    std::size_t written = 0;
    Require(EVP_Q_digest(nullptr,
                         digest.c_str(),
                         nullptr,
                         message.data(),
                         message.size(),
                         out.data(),
                         &written) == 1,
            "digest");
    out.resize(written);
    return out;
}

Bytes
Hmac(const std::string& digest, const Bytes& key, std::initializer_list<Bytes> parts)
{
    Bytes message;
    for (const Bytes& part : parts)
    {
        message.insert(message.end(), part.begin(), part.end());
    }
    Bytes out(EVP_MAX_MD_SIZE);
    std::size_t written = 0;
    Require(EVP_Q_mac(nullptr,
                      "HMAC",
                      nullptr,
                      digest.c_str(),
                      nullptr,
                      key.data(),
                      key.size(),
                      message.data(),
                      message.size(),
                      out.data(),
                      out.size(),
                      &written) != nullptr,
            "HMAC");
    out.resize(written);
    return out;
}

// bits2int of RFC 6979 section 2.3.2: the leftmost bits, as many as the order has.
Bignum
LeftmostBits(const Group& group, const Bytes& bytes)
{
    Bignum number = ToBignum(bytes);
    const int excess = static_cast<int>(bytes.size()) * 8 - BN_num_bits(group.Order());
    if (excess > 0)
    {
        Require(BN_rshift(number.get(), number.get(), excess) == 1, "shift");
    }
    return number;
}

// The stream of candidate nonces of RFC 6979 section 3.2.
class NonceSource
{
  public:
    NonceSource(const Group& group,
                std::string digest,
                const Bytes& scalar,
                const BIGNUM* messageNumber)
        : m_group(group),
          m_digest(std::move(digest))
    {
        const Bignum reduced = NewBignum();
        Require(BN_nnmod(reduced.get(), messageNumber, group.Order(), group.scratch.get()) == 1,
                "reduction");
        const Bytes message = ToBytes(reduced.get(), group.info.fieldSize);
        m_value.assign(Hash(m_digest, {}).size(), 0x01);
        m_key.assign(m_value.size(), 0x00);
        for (const uint8_t step : {uint8_t{0}, uint8_t{1}})
        {
            m_key = Hmac(m_digest, m_key, {m_value, Bytes{step}, scalar, message});
            m_value = Hmac(m_digest, m_key, {m_value});
        }
    }

    Bignum Next()
    {
        while (true)
        {
            Bytes bytes;
            while (bytes.size() < m_group.info.fieldSize)
            {
                m_value = Hmac(m_digest, m_key, {m_value});
                bytes.insert(bytes.end(), m_value.begin(), m_value.end());
            }
            bytes.resize(m_group.info.fieldSize);
            Bignum nonce = LeftmostBits(m_group, bytes);
            m_key = Hmac(m_digest, m_key, {m_value, Bytes{0}});
            m_value = Hmac(m_digest, m_key, {m_value});
            if (!BN_is_zero(nonce.get()) && BN_cmp(nonce.get(), m_group.Order()) < 0)
            {
                return nonce;
            }
        }
    }

  private:
    const Group& m_group; //!< the curve
    std::string m_digest; //!< the digest under the HMAC
    Bytes m_key;          //!< K of the RFC
    Bytes m_value;        //!< V of the RFC
};

// r||s for one nonce, or nothing in the (never seen) case that r or s is zero.
std::optional<Bytes>
SignWithNonce(const Group& group,
              const BIGNUM* nonce,
              const BIGNUM* scalar,
              const BIGNUM* messageNumber)
{
    BN_CTX* const scratch = group.scratch.get();
    const BIGNUM* const order = group.Order();
    const Point point = group.MultiplyBase(nonce);
    const Bignum r = NewBignum();
    const Bignum s = NewBignum();
    const Bignum inverse = NewBignum();
    Require(EC_POINT_get_affine_coordinates(group.group.get(),
                                            point.get(),
                                            r.get(),
                                            nullptr,
                                            scratch) == 1 &&
                BN_nnmod(r.get(), r.get(), order, scratch) == 1 &&
                BN_mod_inverse(inverse.get(), nonce, order, scratch) != nullptr &&
                BN_mod_mul(s.get(), r.get(), scalar, order, scratch) == 1 &&
                BN_mod_add(s.get(), s.get(), messageNumber, order, scratch) == 1 &&
                BN_mod_mul(s.get(), s.get(), inverse.get(), order, scratch) == 1,
            "signature equation");
    if (BN_is_zero(r.get()) || BN_is_zero(s.get()))
    {
        return std::nullopt;
    }
    Bytes signature = ToBytes(r.get(), group.info.fieldSize);
    const Bytes second = ToBytes(s.get(), group.info.fieldSize);
    signature.insert(signature.end(), second.begin(), second.end());
    return signature;
}

} // namespace

const CurveInfo&
GetCurveInfo(Curve curve)
{
    static constexpr CurveInfo CURVES[] = {
        {Curve::P256, SN_X9_62_prime256v1, 32},
        {Curve::P384, SN_secp384r1, 48},
        {Curve::P521, SN_secp521r1, 66},
    };
    return CURVES[static_cast<std::size_t>(curve)];
}

std::vector<uint8_t>
ReduceModuloOrder(Curve curve, std::span<const uint8_t> number)
{
    const Group group(curve);
    const Bignum value = ToBignum(number);
    Require(BN_nnmod(value.get(), value.get(), group.Order(), group.scratch.get()) == 1,
            "reduction");
    return ToBytes(value.get(), group.info.fieldSize);
}

std::vector<uint8_t>
MultiplyBasePoint(Curve curve, std::span<const uint8_t> scalar)
{
    const Group group(curve);
    const Bignum value = ToBignum(scalar);
    if (BN_is_zero(value.get()) || BN_cmp(value.get(), group.Order()) >= 0)
    {
        throw CryptoError("private scalar out of range");
    }
    const Point point = group.MultiplyBase(value.get());
    Bytes out(1 + 2 * group.info.fieldSize);
    Require(EC_POINT_point2oct(group.group.get(),
                               point.get(),
                               POINT_CONVERSION_UNCOMPRESSED,
                               out.data(),
                               out.size(),
                               group.scratch.get()) == out.size(),
            "point encoding");
    return out;
}

std::vector<uint8_t>
SignDeterministicEcdsa(Curve curve,
                       const std::string& digest,
                       std::span<const uint8_t> scalar,
                       std::span<const uint8_t> message)
{
    const Group group(curve);
    const Bignum key = ToBignum(scalar);
    const Bignum messageNumber = LeftmostBits(group, Hash(digest, message));
    NonceSource nonces(group,
                       digest,
                       ToBytes(key.get(), group.info.fieldSize),
                       messageNumber.get());
    while (true)
    {
        const Bignum nonce = nonces.Next();
        if (auto signature = SignWithNonce(group, nonce.get(), key.get(), messageNumber.get()))
        {
            return *signature;
        }
    }
}

} // namespace ns3::iotfleet::wire

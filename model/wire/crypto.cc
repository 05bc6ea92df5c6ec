// SPDX-License-Identifier: GPL-2.0-only

#include "model/wire/crypto.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <optional>

namespace ns3::iotfleet::wire
{

namespace
{

struct FreeCipher
{
    void operator()(EVP_CIPHER_CTX* p) const
    {
        EVP_CIPHER_CTX_free(p);
    }
};

struct FreeMac
{
    void operator()(EVP_MAC_CTX* p) const
    {
        EVP_MAC_CTX_free(p);
    }
};

struct FreeDigest
{
    void operator()(EVP_MD_CTX* p) const
    {
        EVP_MD_CTX_free(p);
    }
};

void
Require(bool ok, const char* what)
{
    if (!ok)
    {
        throw CryptoError(std::string("OpenSSL: ") + what);
    }
}

// Fetching an algorithm by name costs more than the operation itself, so each is fetched once.
const EVP_CIPHER*
Aes128Ecb()
{
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
    Require(cipher != nullptr, "AES-128-ECB is missing");
    return cipher;
}

const EVP_MD*
Sha256Algorithm()
{
    static const EVP_MD* const digest = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    Require(digest != nullptr, "SHA256 is missing");
    return digest;
}

// AES in one direction; the key schedule survives until the key changes.
class EcbCipher
{
  public:
    explicit EcbCipher(bool encrypts)
        : m_context(EVP_CIPHER_CTX_new()),
          m_encrypts(encrypts)
    {
        Require(m_context != nullptr, "no cipher context");
    }

    Block128 Run(std::span<const uint8_t, AES_BLOCK_SIZE> key,
                 std::span<const uint8_t, AES_BLOCK_SIZE> block)
    {
        if (!m_key || !std::ranges::equal(*m_key, key))
        {
            m_key.reset();
            Require(EVP_CipherInit_ex2(m_context.get(),
                                       Aes128Ecb(),
                                       key.data(),
                                       nullptr,
                                       m_encrypts ? 1 : 0,
                                       nullptr) == 1,
                    "AES key");
            EVP_CIPHER_CTX_set_padding(m_context.get(), 0);
            m_key.emplace();
            std::ranges::copy(key, m_key->begin());
        }
        Block128 out{};
        int written = 0;
        Require(EVP_CipherUpdate(m_context.get(),
                                 out.data(),
                                 &written,
                                 block.data(),
                                 static_cast<int>(block.size())) == 1 &&
                    written == static_cast<int>(out.size()),
                "AES block");
        return out;
    }

  private:
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> m_context; //!< the library's cipher state
    std::optional<Block128> m_key;                         //!< key of the present schedule
    bool m_encrypts;                                       //!< direction
};

std::unique_ptr<EVP_MAC_CTX, FreeMac>
NewMac(const char* mac, const char* parameter, std::string algorithm)
{
    EVP_MAC* const implementation = EVP_MAC_fetch(nullptr, mac, nullptr);
    Require(implementation != nullptr, mac);
    std::unique_ptr<EVP_MAC_CTX, FreeMac> context(EVP_MAC_CTX_new(implementation));
    EVP_MAC_free(implementation);
    Require(context != nullptr, mac);
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(parameter, algorithm.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    Require(EVP_MAC_CTX_set_params(context.get(), parameters.data()) == 1, mac);
    return context;
}

// EVP_MAC_init with a key starts over and keeps the algorithm set when the context was made.
template <std::size_t N>
std::array<uint8_t, N>
RunMac(EVP_MAC_CTX* context, std::span<const uint8_t> key, std::span<const uint8_t> message)
{
    // A null key pointer would mean "keep the last key", so an empty key needs an address.
    static constexpr uint8_t NO_KEY = 0;
    const uint8_t* const keyBytes = key.empty() ? &NO_KEY : key.data();
    std::array<uint8_t, N> out{};
    std::size_t written = 0;
    Require(EVP_MAC_init(context, keyBytes, key.size(), nullptr) == 1 &&
                EVP_MAC_update(context, message.data(), message.size()) == 1 &&
                EVP_MAC_final(context, out.data(), &written, out.size()) == 1 && written == N,
            "message authentication code");
    return out;
}

} // namespace

Block128
AesEcbEncryptBlock(std::span<const uint8_t, AES_BLOCK_SIZE> key,
                   std::span<const uint8_t, AES_BLOCK_SIZE> block)
{
    thread_local EcbCipher cipher(true);
    return cipher.Run(key, block);
}

Block128
AesEcbDecryptBlock(std::span<const uint8_t, AES_BLOCK_SIZE> key,
                   std::span<const uint8_t, AES_BLOCK_SIZE> block)
{
    thread_local EcbCipher cipher(false);
    return cipher.Run(key, block);
}

Block128
AesCmac(std::span<const uint8_t, AES_BLOCK_SIZE> key, std::span<const uint8_t> message)
{
    thread_local const auto context = NewMac("CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC");
    return RunMac<AES_BLOCK_SIZE>(context.get(), key, message);
}

Digest256
HmacSha256(std::span<const uint8_t> key, std::span<const uint8_t> message)
{
    thread_local const auto context = NewMac("HMAC", OSSL_MAC_PARAM_DIGEST, "SHA256");
    return RunMac<SHA256_SIZE>(context.get(), key, message);
}

Digest256
Sha256(std::span<const uint8_t> message)
{
    thread_local Sha256Hasher hasher;
    hasher.Update(message);
    return hasher.Finish();
}

struct Sha256Hasher::Context
{
    std::unique_ptr<EVP_MD_CTX, FreeDigest> evp{EVP_MD_CTX_new()}; //!< the library's state

    void Start()
    {
        Require(evp && EVP_DigestInit_ex2(evp.get(), Sha256Algorithm(), nullptr) == 1, "SHA-256");
    }
};

Sha256Hasher::Sha256Hasher()
    : m_context(std::make_unique<Context>())
{
    m_context->Start();
}

Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;

void
Sha256Hasher::Update(std::span<const uint8_t> part)
{
    Require(EVP_DigestUpdate(m_context->evp.get(), part.data(), part.size()) == 1, "SHA-256");
}

Digest256
Sha256Hasher::Finish()
{
    Digest256 digest{};
    Require(EVP_DigestFinal_ex(m_context->evp.get(), digest.data(), nullptr) == 1, "SHA-256");
    m_context->Start();
    return digest;
}

} // namespace ns3::iotfleet::wire

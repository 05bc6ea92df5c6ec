// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_CRYPTO_H
#define IOTFLEET_WIRE_CRYPTO_H

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

/**
 * @file
 * @ingroup iotfleet-wire
 * Block cipher, message authentication and digests: thin wrappers of OpenSSL 3.0, no own
 * cryptography. Keys for signatures stand in crypto-key.h.
 */

namespace ns3::iotfleet::wire
{

/** Length of an AES-128 key, of an AES block and of an AES-CMAC, in bytes. */
inline constexpr std::size_t AES_BLOCK_SIZE = 16;

/** Length of a SHA-256 digest, in bytes. */
inline constexpr std::size_t SHA256_SIZE = 32;

/** An AES-128 key, block or CMAC. */
using Block128 = std::array<uint8_t, AES_BLOCK_SIZE>;

/** A SHA-256 digest. */
using Digest256 = std::array<uint8_t, SHA256_SIZE>;

/** A failure inside the cryptographic library or a key that cannot be used; never a forgery. */
class CryptoError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/**
 * Encrypts one block with AES-128 in ECB mode (FIPS 197).
 *
 * The cipher context lives as long as the thread and the key schedule is kept until another key
 * is used, so runs of calls with the same key cost only the block operation.
 *
 * @param key the 16 bytes of the key
 * @param block the 16 bytes to encrypt
 * @return the encrypted block
 */
Block128 AesEcbEncryptBlock(std::span<const uint8_t, AES_BLOCK_SIZE> key,
                            std::span<const uint8_t, AES_BLOCK_SIZE> block);

/**
 * Decrypts one block with AES-128 in ECB mode (FIPS 197).
 *
 * @param key the 16 bytes of the key
 * @param block the 16 bytes to decrypt
 * @return the decrypted block
 */
Block128 AesEcbDecryptBlock(std::span<const uint8_t, AES_BLOCK_SIZE> key,
                            std::span<const uint8_t, AES_BLOCK_SIZE> block);

/**
 * Computes AES-CMAC (RFC 4493) with a 128-bit key, not truncated.
 *
 * @param key the 16 bytes of the key
 * @param message the message, may be empty
 * @return the 16 bytes of the code
 */
Block128 AesCmac(std::span<const uint8_t, AES_BLOCK_SIZE> key, std::span<const uint8_t> message);

/**
 * Computes SHA-256 (FIPS 180-4) in one go.
 *
 * @param message the message, may be empty
 * @return the digest
 */
Digest256 Sha256(std::span<const uint8_t> message);

/**
 * Computes HMAC-SHA-256 (RFC 2104).
 *
 * @param key the key, of any length
 * @param message the message, may be empty
 * @return the 32 bytes of the code
 */
Digest256 HmacSha256(std::span<const uint8_t> key, std::span<const uint8_t> message);

/** SHA-256 of a message that arrives in pieces; it is not a keyed code. */
class Sha256Hasher
{
  public:
    /** Starts with the empty message. */
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

    /**
     * Appends bytes to the message.
     * @param part the bytes, may be empty
     */
    void Update(std::span<const uint8_t> part);

    /**
     * Ends the message and starts anew with the empty one.
     * @return the digest of everything given since the start
     */
    Digest256 Finish();

  private:
    struct Context;
    std::unique_ptr<Context> m_context; //!< the library's digest state
};

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_CRYPTO_H

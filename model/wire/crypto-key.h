// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_CRYPTO_KEY_H
#define IOTFLEET_WIRE_CRYPTO_KEY_H

#include "model/wire/crypto.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

/**
 * @file
 * @ingroup iotfleet-wire
 * Asymmetric keys and signatures as COSE names them. ECDSA is deterministic (RFC 6979), so that a
 * simulated vendor signs the same manifest with the same bytes in every run.
 */

namespace ns3::iotfleet::wire
{

/** Signature algorithms, numbered as in IANA's "COSE Algorithms" (RFC 9053, RFC 9864). */
enum class SignatureAlgorithm : int32_t
{
    ES256 = -7,    //!< ECDSA with SHA-256, any curve
    EDDSA = -8,    //!< EdDSA, Ed25519 or Ed448 as the key says
    ESP256 = -9,   //!< ECDSA on P-256 with SHA-256
    ED25519 = -19, //!< EdDSA with Ed25519
    ES384 = -35,   //!< ECDSA with SHA-384, any curve
    ES512 = -36,   //!< ECDSA with SHA-512, any curve
    PS256 = -37,   //!< RSASSA-PSS with SHA-256
    PS384 = -38,   //!< RSASSA-PSS with SHA-384
    PS512 = -39,   //!< RSASSA-PSS with SHA-512
    ESP384 = -51,  //!< ECDSA on P-384 with SHA-384
    ESP512 = -52,  //!< ECDSA on P-521 with SHA-512
    ED448 = -53,   //!< EdDSA with Ed448
};

/**
 * Recognises a COSE algorithm number.
 * @param value the number as it stands in a header
 * @return the algorithm, or nothing if it is not a signature algorithm known here
 */
std::optional<SignatureAlgorithm> ToSignatureAlgorithm(int64_t value);

/** The NIST prime curves of FIPS 186. */
enum class Curve : uint8_t
{
    P256,
    P384,
    P521,
};

/** The two Edwards curves of RFC 8032. */
enum class EdwardsCurve : uint8_t
{
    ED25519,
    ED448,
};

/** The integers of an RSA key, big-endian; a public key has only the first two. */
struct RsaNumbers
{
    std::vector<uint8_t> n;  //!< modulus
    std::vector<uint8_t> e;  //!< public exponent
    std::vector<uint8_t> d;  //!< private exponent
    std::vector<uint8_t> p;  //!< first prime
    std::vector<uint8_t> q;  //!< second prime
    std::vector<uint8_t> dp; //!< d mod (p - 1)
    std::vector<uint8_t> dq; //!< d mod (q - 1)
    std::vector<uint8_t> qi; //!< inverse of q mod p
};

/** A key that checks signatures; copies share the library's immutable key. It cannot sign. */
class PublicKey
{
  public:
    /**
     * Reads a SubjectPublicKeyInfo.
     * @param pem the text between and including the BEGIN and END lines
     * @return the key; throws CryptoError if the text holds none
     */
    static PublicKey FromPem(std::string_view pem);

    /**
     * Takes an affine point.
     * @param curve the curve
     * @param x the first coordinate, big-endian; leading zeros may lack or abound
     * @param y the second coordinate, likewise
     * @return the key; throws CryptoError if the point is not on the curve
     */
    static PublicKey FromEcPoint(Curve curve,
                                 std::span<const uint8_t> x,
                                 std::span<const uint8_t> y);

    /**
     * Takes an Edwards-curve key (RFC 8032 encoding).
     * @param curve the curve
     * @param x the 32 (Ed25519) or 57 (Ed448) bytes
     * @return the key; throws CryptoError for another length
     */
    static PublicKey FromEdwards(EdwardsCurve curve, std::span<const uint8_t> x);

    /**
     * Takes an RSA modulus and public exponent.
     * @param numbers n and e; the rest is ignored
     * @return the key
     */
    static PublicKey FromRsa(const RsaNumbers& numbers);

    /**
     * Checks a signature. A signature is raw r||s for ECDSA (IEEE P1363, RFC 9053 section 2.1),
     * each half as long as the curve's order; the salt of RSASSA-PSS is as long as the digest.
     *
     * @param algorithm the algorithm the signer claims
     * @param message the message itself, not its digest
     * @param signature the signature
     * @return false for a forgery, for a malformed signature and for a key that the algorithm
     *         does not fit
     */
    bool Verify(SignatureAlgorithm algorithm,
                std::span<const uint8_t> message,
                std::span<const uint8_t> signature) const;

    /** @return the curve, or nothing for a key that is not on a NIST prime curve */
    std::optional<Curve> GetCurve() const;

    /** @return the key as SubjectPublicKeyInfo in PEM */
    std::string ToPem() const;

  private:
    friend class SigningKey;
    explicit PublicKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> m_key; //!< the library's key, never changed
};

/** A key that signs; its public half is had by GetPublicKey(). It is not kept secret in memory. */
class SigningKey
{
  public:
    /**
     * Reads an unencrypted private key (PKCS #8, SEC 1 or PKCS #1).
     * @param pem the text between and including the BEGIN and END lines
     * @return the key; throws CryptoError if the text holds none
     */
    static SigningKey FromPem(std::string_view pem);

    /**
     * Takes the private scalar of an elliptic-curve key (parameter d of a JWK).
     * @param curve the curve
     * @param scalar the scalar, big-endian, 1 to order - 1
     * @return the key; throws CryptoError if the scalar is out of range
     */
    static SigningKey FromEcScalar(Curve curve, std::span<const uint8_t> scalar);

    /**
     * Makes the P-256 key of a simulated vendor: scalar = seed mod order. Not for real secrets.
     * @param seed 32 bytes; throws CryptoError if they are a multiple of the order (zero is one)
     * @return the key
     */
    static SigningKey FromSeed(std::span<const uint8_t, 32> seed);

    /**
     * Takes an Edwards-curve private key (RFC 8032).
     * @param curve the curve
     * @param secret the 32 (Ed25519) or 57 (Ed448) bytes
     * @return the key; throws CryptoError for another length
     */
    static SigningKey FromEdwards(EdwardsCurve curve, std::span<const uint8_t> secret);

    /**
     * Takes an RSA private key.
     * @param numbers n, e, d and, all or none, the five Chinese-remainder numbers
     * @return the key
     */
    static SigningKey FromRsa(const RsaNumbers& numbers);

    /**
     * Signs. Deterministic for ECDSA (RFC 6979) and EdDSA; RSASSA-PSS draws a random salt, so a
     * reproducible run must not sign with it.
     *
     * @param algorithm the algorithm; throws CryptoError if the key does not fit it
     * @param message the message itself, not its digest
     * @return the signature in COSE form (see PublicKey::Verify)
     */
    std::vector<uint8_t> Sign(SignatureAlgorithm algorithm, std::span<const uint8_t> message) const;

    /** @return the algorithm usual for this key: ES256, ES384, ES512, EDDSA or PS256 */
    SignatureAlgorithm GetDefaultAlgorithm() const;

    /** @return the half that may be shown */
    PublicKey GetPublicKey() const;

  private:
    explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

    std::shared_ptr<evp_pkey_st> m_key; //!< the library's key pair, never changed
};

} // namespace ns3::iotfleet::wire

#endif // IOTFLEET_WIRE_CRYPTO_KEY_H

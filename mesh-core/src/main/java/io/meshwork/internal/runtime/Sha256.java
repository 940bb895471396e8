package io.meshwork.internal.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests by SHA-256. Stateless. */
public final class Sha256 {
  private Sha256() {}

  /** Returns a digest to which bytes are added. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Returns the digest of some bytes of an array. */
  public static byte[] of(byte[] bytes, int from, int length) {
    MessageDigest digest = newDigest();
    digest.update(bytes, from, length);
    return digest.digest();
  }

  /** Returns the digest as 64 lower-case hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(newDigest().digest(bytes));
  }

  /** Returns the digest of a string in UTF-8 as 64 lower-case hexadecimal digits. */
  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }
}

package io.meshwork.odcs;

import io.meshwork.contract.Partition;
import io.meshwork.odcs.internal.document.YamlNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/**
 * What a document states about its product in addition to the contract.
 *
 * @param name of the product; empty for the name of the object
 * @param version {@code major.minor.patch}
 * @param status such as {@code active}
 * @param partitions of its table
 */
record OdcsHeader(String name, String version, String status, List<Partition> partitions) {
  /** The namespace of URLs in RFC 4122. */
  private static final UUID URLS = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  OdcsHeader {
    partitions = List.copyOf(partitions);
  }

  static OdcsHeader standard() {
    return new OdcsHeader("", "1.0.0", "draft", List.of());
  }

  /** The header of a document. */
  static OdcsHeader of(YamlNode root, List<Partition> partitions) {
    return new OdcsHeader(
        root.textOf("name"), root.textOf("version"), root.textOf("status"), partitions);
  }

  /** The ID that a document gets: a UUID of version 5, always the same for a name. */
  static String id(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(
          ByteBuffer.allocate(16)
              .putLong(URLS.getMostSignificantBits())
              .putLong(URLS.getLeastSignificantBits())
              .array());
      ByteBuffer hash =
          ByteBuffer.wrap(digest.digest(("meshwork:" + name).getBytes(StandardCharsets.UTF_8)));
      long most = (hash.getLong() & ~0xf000L) | 0x5000L;
      long least = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
      return new UUID(most, least).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}

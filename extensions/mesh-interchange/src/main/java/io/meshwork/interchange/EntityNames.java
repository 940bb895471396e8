package io.meshwork.interchange;

import io.meshwork.product.ProductName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names of entities in Backstage: letters, digits, and single {@code - _ .} between them, at most
 * 63 characters. A name that has to be changed or shortened, or has capitals, which Backstage does
 * not distinguish, ends with a part of its hash, so that two are never the same.
 */
final class EntityNames {
  private static final int LONGEST = 63;
  private static final int HASH_DIGITS = 8;
  private static final Pattern VALID = Pattern.compile("[a-z0-9]+([-_.][a-z0-9]+)*");

  private EntityNames() {}

  /** Returns the name of a product, such as {@code commerce.orders}. */
  static String of(ProductName product) {
    return valid(product.domain() + "." + product.product());
  }

  /** Returns the name of a major version, such as {@code commerce.orders.v1}. */
  static String of(ProductName product, int major) {
    return valid(product.domain() + "." + product.product() + ".v" + major);
  }

  /** Returns the name of a contact, such as {@code orders.at.example.org} of an address. */
  static String ofContact(String contact) {
    String name = contact.replace("@", ".at.");
    return contact.contains(".at.") ? hashed(name, contact) : valid(name);
  }

  static String valid(String text) {
    if (text.length() <= LONGEST && VALID.matcher(text).matches()) {
      return text;
    }
    return hashed(text, text);
  }

  /** Returns a name that begins like a string and ends with the hash of its origin. */
  private static String hashed(String text, String origin) {
    String clean = text.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    String start = clean.substring(0, Math.min(clean.length(), LONGEST - HASH_DIGITS - 1));
    return (start.replaceAll("-$", "") + "-" + hash(origin)).replaceAll("^-", "");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}

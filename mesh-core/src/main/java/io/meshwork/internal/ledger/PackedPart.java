package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.registry.Registry.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * A member of a document that is kept compressed where the document would be too large for the
 * registry as plain JSON: as Base64 of its text in zlib's format, under its name and {@code
 * Packed}. Documents that fit are written as they are. Stateless.
 */
public final class PackedPart {
  /** Most bytes of a document's content; the rest is left to what is said beside of it. */
  public static final int MAX_BYTES = Transaction.MAX_DOCUMENT_BYTES - (16 << 10);

  /** Most characters of a member, packed or not; what is read beyond that is damaged. */
  private static final int MAX_TEXT = 64 << 20;

  private static final String SUFFIX = "Packed";

  private PackedPart() {}

  /** The document's length as the registry counts it. */
  public static int bytes(ObjectNode document) {
    return DocumentJson.write(document).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Packs the member unless the document fits as it is. */
  public static void pack(ObjectNode document, String member) {
    if (!document.has(member)) {
      return;
    }
    document.remove(member + SUFFIX);
    if (bytes(document) <= MAX_BYTES) {
      return;
    }
    byte[] text = DocumentJson.write(document.remove(member)).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail", e);
    }
    document.put(member + SUFFIX, Base64.getEncoder().encodeToString(packed.toByteArray()));
  }

  /**
   * The member, packed or not; missing if there is none.
   *
   * @throws io.meshwork.error.BackendException if it is damaged
   */
  public static JsonNode read(JsonNode document, String member) {
    JsonNode packed = document.path(member + SUFFIX);
    if (document.has(member) || packed.isMissingNode()) {
      return document.path(member);
    }
    try {
      return DocumentJson.parseObject(member, unpacked(packed.asText()));
    } catch (IllegalArgumentException | DataFormatException e) {
      return MissingNode.getInstance();
    }
  }

  private static String unpacked(String text) throws DataFormatException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(Base64.getDecoder().decode(text));
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      byte[] buffer = new byte[8 << 10];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 || plain.size() > MAX_TEXT) {
          throw new DataFormatException("the text does not end");
        }
        plain.write(buffer, 0, count);
      }
      return plain.toString(StandardCharsets.UTF_8);
    } finally {
      inflater.end();
    }
  }
}

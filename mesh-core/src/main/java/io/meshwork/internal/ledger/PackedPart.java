package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.registry.Registry.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * Compresses a member of a document that would otherwise be too large for the registry: its JSON in
 * zlib format as Base64, under its name with the suffix {@code Packed}. Splits lists that may be
 * too long for one document even so. Stateless.
 */
public final class PackedPart {
  /** The most bytes of a document before a member is packed; the rest is for other members. */
  public static final int MAX_BYTES = Transaction.MAX_DOCUMENT_BYTES - (16 << 10);

  /** The most characters of a member after unpacking; a longer one is damaged. */
  private static final int MAX_TEXT = 64 << 20;

  private static final String SUFFIX = "Packed";

  private PackedPart() {}

  /** The document's length in bytes, as the registry counts it. */
  public static int bytes(ObjectNode document) {
    return DocumentJson.write(document).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Packs the member if the document is too large. */
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
   * Reads the member, packed or not; a missing node if there is none.
   *
   * @throws io.meshwork.error.BackendException if it is damaged
   */
  public static JsonNode read(JsonNode document, String member) {
    JsonNode packed = document.path(member + SUFFIX);
    if (document.has(member) || packed.isMissingNode()) {
      return document.path(member);
    }
    try {
      return DocumentJson.parseMember(member, unpacked(packed.asText()));
    } catch (IllegalArgumentException | DataFormatException e) {
      return MissingNode.getInstance();
    }
  }

  /**
   * Returns a document that has the member from before packing.
   *
   * @throws io.meshwork.error.BackendException if it is damaged
   */
  public static ObjectNode unpack(ObjectNode document, String member) {
    return document.has(member + SUFFIX)
        ? document.deepCopy().set(member, read(document, member))
        : document;
  }

  /**
   * Splits strings, in their order, so that the JSON of each part has at most this many bytes.
   *
   * @return at least one part; a longer string is a part alone
   */
  public static List<List<String>> split(List<String> texts, int maxBytes) {
    List<List<String>> parts = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < texts.size(); i++) {
      long more = bytes(texts.get(i));
      if (i > from && bytes + more > maxBytes) {
        parts.add(texts.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += more;
    }
    parts.add(texts.subList(from, texts.size()));
    return parts;
  }

  /** The length of a string in a list, in bytes. */
  public static int bytes(String text) {
    return DocumentJson.write(TextNode.valueOf(text)).getBytes(StandardCharsets.UTF_8).length + 1;
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

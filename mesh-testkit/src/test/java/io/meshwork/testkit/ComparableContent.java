package io.meshwork.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/**
 * The documents and files that a place has in addition to another one, as text that is equal
 * whenever the same was done. Iceberg names manifests by random ids, writes the host's time into
 * metadata, and Avro separates blocks by random bytes: these are left out.
 */
final class ComparableContent {
  private static final Pattern RANDOM_ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");
  private static final Pattern HOST_TIME =
      Pattern.compile("\"(timestamp-ms|last-updated-ms)\"\\s*:\\s*\\d+");

  private ComparableContent() {}

  static String of(MemoryPlace place, MemoryPlace original) {
    SortedMap<String, String> changed = new TreeMap<>();
    changes(
        original.registry().documents(),
        place.registry().documents(),
        (key, document) ->
            changed.put("row " + key, document.version() + " " + withoutRandom(document.json())),
        key -> changed.put("row " + key, "deleted"));
    changes(
        original.files().contents(),
        place.files().contents(),
        (location, content) ->
            changed.put("file " + withoutRandom(location), content(location, content)),
        location -> changed.put("file " + location, "deleted"));
    return changed.toString();
  }

  private static <K, V> void changes(
      Map<K, V> before, Map<K, V> after, BiConsumer<K, V> written, Consumer<K> deleted) {
    after.forEach(
        (name, value) -> {
          if (!value.equals(before.get(name))) {
            written.accept(name, value);
          }
        });
    before.keySet().stream().filter(name -> !after.containsKey(name)).forEach(deleted);
  }

  /** A text without random ids and the time of the host. */
  static String withoutRandom(String text) {
    String known = HASH.matcher(RANDOM_ID.matcher(text).replaceAll("random")).replaceAll("hash");
    return HOST_TIME.matcher(known).replaceAll("$1");
  }

  private static String content(String location, byte[] content) {
    if (location.endsWith(".avro")) {
      return withoutRandom(records(content));
    } else if (location.endsWith(".parquet")) {
      return HexFormat.of().formatHex(content);
    }
    return withoutRandom(new String(content, StandardCharsets.UTF_8));
  }

  private static String records(byte[] file) {
    StringBuilder text = new StringBuilder();
    try (DataFileReader<GenericRecord> records =
        new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
      records.forEach(text::append);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}

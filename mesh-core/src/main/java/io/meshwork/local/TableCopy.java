package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.metadata.MetadataContent;
import io.meshwork.internal.runtime.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.exceptions.NotFoundException;

/**
 * Copies the files of one Iceberg table, and changes the locations in metadata files, manifest
 * lists, and manifests. Everything else is unchanged: fields, statistics, sequence numbers, and
 * fields of newer versions of Iceberg. Files are copied before files that name them, except other
 * programs' files that the table registered where they are. Not thread-safe.
 */
final class TableCopy {
  private static final int DELETED = 2;
  private static final int POSITION_DELETES = 1;
  private static final int SYNC_BYTES = 16;
  private static final MeshAction METADATA = MeshAction.of(Verb.COPY, "the metadata of a table");

  private final FileCopy files;
  private final Relocation relocation;
  private final Map<String, String> locations = new LinkedHashMap<>();

  /** The lengths of relocated manifests by their old locations. */
  private final Map<String, Long> manifests = new LinkedHashMap<>();

  private RegisteredFiles registered = new RegisteredFiles(List.of());

  TableCopy(FileCopy files, Relocation relocation) {
    this.files = files;
    this.relocation = relocation;
  }

  /** Returns the new locations of all data files that the table names, by their old locations. */
  Map<String, String> locations() {
    return locations;
  }

  /**
   * Copies the table.
   *
   * @param metadataLocation the current metadata file
   * @return the SHA-256 of the relocated metadata file
   * @throws NotFoundException if a file that the table names is missing
   */
  String copy(String metadataLocation) {
    String text = text(metadataLocation);
    ObjectNode metadata =
        MetadataContent.inMemory(
            metadataLocation, METADATA, () -> DocumentJson.parseObject(metadataLocation, text));
    registered = RegisteredFiles.of(metadata);
    for (String list : texts(metadata, "snapshots", "manifest-list")) {
      copyManifestList(list);
    }
    for (String statistics : texts(metadata, "statistics", "statistics-path")) {
      files.copy(statistics, relocation.location(statistics));
    }
    for (String statistics : texts(metadata, "partition-statistics", "statistics-path")) {
      files.copy(statistics, relocation.location(statistics));
    }
    for (String earlier : texts(metadata, "metadata-log", "metadata-file")) {
      copyEarlier(earlier);
    }
    byte[] relocated = relocated(metadataLocation, text);
    files.write(relocation.location(metadataLocation), relocated);
    return Sha256.hex(relocated);
  }

  /** Later commits delete earlier metadata files, so they may be missing. */
  private void copyEarlier(String location) {
    String target = relocation.location(location);
    try {
      if (!files.isDone(target)) {
        files.write(target, relocated(location, text(location)));
      }
    } catch (NotFoundException e) {
      return;
    }
  }

  /** The text of a metadata file. */
  private String text(String location) {
    MetadataContent content = MetadataContent.read(files.from(), location, METADATA);
    return new String(content.text(), StandardCharsets.UTF_8);
  }

  /** The content of a metadata file with new locations, compressed as the old one is. */
  private byte[] relocated(String location, String text) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    MetadataContent.inMemory(
            location,
            METADATA,
            () -> MetadataContent.stored(location, bytes(relocation.metadata(text))))
        .forEach(content::writeBytes);
    return content.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> texts(ObjectNode metadata, String array, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : metadata.path(array)) {
      JsonNode text = element.path(field);
      if (text.isTextual()) {
        texts.add(text.asText());
      }
    }
    return texts;
  }

  private void copyManifestList(String location) {
    String target = relocation.location(location);
    AvroFile list = read(location);
    for (GenericRecord manifest : list.records()) {
      String path = manifest.get("manifest_path").toString();
      if (!manifests.containsKey(path)) {
        manifests.put(path, copyManifest(path));
      }
      manifest.put("manifest_path", relocation.location(path));
      manifest.put("manifest_length", manifests.get(path));
    }
    if (!files.isDone(target)) {
      files.write(target, list.write(target));
    }
  }

  /** Copies a manifest with the files that it names, and returns its new length. */
  private long copyManifest(String location) {
    String target = relocation.location(location);
    AvroFile manifest = read(location);
    for (GenericRecord entry : manifest.records()) {
      GenericRecord file = (GenericRecord) entry.get("data_file");
      String path = file.get("file_path").toString();
      boolean stays = registered.contains(path) && !relocation.contains(path);
      String relocated = stays ? path : relocation.location(path);
      locations.put(path, relocated);
      if (!stays && ((Number) entry.get("status")).intValue() != DELETED) {
        requireNoPositions(file, path);
        files.copy(path, relocated);
      }
      file.put("file_path", relocated);
      Schema.Field referenced = file.getSchema().getField("referenced_data_file");
      if (referenced != null && file.get(referenced.pos()) != null) {
        file.put(referenced.pos(), relocation.location(file.get(referenced.pos()).toString()));
      }
    }
    if (!files.isDone(target)) {
      byte[] content = manifest.write(target);
      files.write(target, content);
      return content.length;
    }
    return files.to().newInputFile(target).getLength();
  }

  private static void requireNoPositions(GenericRecord file, String path) {
    Schema.Field content = file.getSchema().getField("content");
    if (content != null && ((Number) file.get(content.pos())).intValue() == POSITION_DELETES) {
      throw Failure.of(MeshAction.of(Verb.MOVE, "the file " + path))
          .because(
              "it contains positions of deleted rows with the locations of their files, which an"
                  + " engine wrote")
          .state("The mesh was not moved.")
          .fix("Rewrite the data files of the table with the engine, then move the mesh.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private AvroFile read(String location) {
    try (InputStream in = files.from().newInputFile(location).newStream();
        DataFileStream<GenericRecord> records =
            new DataFileStream<>(in, new GenericDatumReader<>())) {
      Map<String, byte[]> properties = new LinkedHashMap<>();
      for (String key : records.getMetaKeys()) {
        properties.put(key, records.getMeta(key));
      }
      List<GenericRecord> all = new ArrayList<>();
      records.forEach(all::add);
      return new AvroFile(records.getSchema(), properties, all);
    } catch (AvroRuntimeException e) {
      if (e.getCause() instanceof IOException failed) {
        throw new UncheckedIOException(failed);
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A manifest list or a manifest, with the properties of its header. */
  private record AvroFile(
      Schema schema, Map<String, byte[]> properties, List<GenericRecord> records) {
    /** Returns the file for a location, the same bytes each time. */
    byte[] write(String location) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] sync =
          Arrays.copyOf(Sha256.hex(location).getBytes(StandardCharsets.US_ASCII), SYNC_BYTES);
      try (DataFileWriter<GenericRecord> writer =
          new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
        properties.forEach(
            (key, value) -> {
              if (!DataFileWriter.isReservedMeta(key)) {
                writer.setMeta(key, value);
              }
            });
        byte[] codec = properties.get(DataFileConstants.CODEC);
        if (codec != null) {
          writer.setCodec(CodecFactory.fromString(new String(codec, StandardCharsets.US_ASCII)));
        }
        writer.create(schema, out, sync);
        for (GenericRecord each : records) {
          writer.append(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }
  }
}

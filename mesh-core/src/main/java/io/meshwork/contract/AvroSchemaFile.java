package io.meshwork.contract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;

/** A file with a schema of Avro: its JSON, or rows, whose schema comes first. */
final class AvroSchemaFile {
  /** Longest schema that is read, in bytes. */
  private static final int MAX_BYTES = 16 << 20;

  private static final byte[] MAGIC = {'O', 'b', 'j', 1};

  private AvroSchemaFile() {}

  /** Returns the schema as JSON. */
  static String text(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      in.mark(MAGIC.length);
      boolean rows = Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
      in.reset();
      if (rows) {
        try (DataFileStream<Object> read = new DataFileStream<>(in, new GenericDatumReader<>())) {
          return read.getSchema().toString();
        }
      }
      byte[] text = in.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw Contract.unreadable(file, "it is longer than " + MAX_BYTES + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (IOException | AvroRuntimeException e) {
      throw Contract.unreadable(file, e.getClass().getSimpleName());
    }
  }
}

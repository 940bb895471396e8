package io.meshwork.internal.parquet.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** Rewrites footers with content that parquet-avro does not write. */
final class RewrittenFooters {
  private RewrittenFooters() {}

  /** Assigns an ID to every part of a file's schema, from 100 on, in file order. */
  static void add(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(
          file,
          withFooter(
              bytes,
              meta -> {
                int id = 99;
                for (SchemaElement element : meta.getSchema()) {
                  element.setField_id(id++);
                }
              }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the file with a changed footer. */
  static byte[] withFooter(byte[] file, Consumer<FileMetaData> change) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int start = file.length - 8 - buffer.getInt(file.length - 8);
    FileMetaData meta =
        Util.readFileMetaData(new ByteArrayInputStream(file, start, file.length - 8 - start));
    change.accept(meta);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, start);
    Util.writeFileMetaData(meta, out);
    int length = out.size() - start;
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.write(file, file.length - 4, 4);
    return out.toByteArray();
  }
}

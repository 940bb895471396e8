package io.meshwork.hadoop;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/** Writes files again with another footer. */
final class Footers {
  private Footers() {}

  /** Changes the footer of a file. */
  static Path change(Path file, Path to, Consumer<FileMetaData> change) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
    FileMetaData footer = footer(whole, length);
    change.accept(footer);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, whole.length - 8 - length);
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.write(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    return Files.write(to, out.toByteArray());
  }

  /** Gives a file the schema of another. */
  static Path withTypeOf(Path typed, Path file, Path to) throws IOException {
    byte[] whole = Files.readAllBytes(typed);
    int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(whole.length - 8);
    return change(file, to, footer -> footer.setSchema(footer(whole, length).getSchema()));
  }

  private static FileMetaData footer(byte[] whole, int length) {
    try {
      return Util.readFileMetaData(
          new ByteArrayInputStream(whole, whole.length - 8 - length, length));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

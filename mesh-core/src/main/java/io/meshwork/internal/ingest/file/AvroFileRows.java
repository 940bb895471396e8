package io.meshwork.internal.ingest.file;

import io.meshwork.error.MeshException;
import io.meshwork.internal.schema.NamesInFiles;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an Avro file. The sizes of its blocks are compared with the file first, because the
 * library takes as much memory as they state.
 */
public final class AvroFileRows extends FileRows {
  private static final byte[] MAGIC = {'O', 'b', 'j', 1};
  private static final int SYNC_BYTES = 16;
  private static final String WRITE_AGAIN = "Write the file again, and check how it was copied.";

  private final DataFileReader<GenericRecord> reader;
  private final long total;
  private long rowsRead;

  /** Reads the schema, and checks the sizes of the blocks. */
  public AvroFileRows(Path file, List<Path> all, ColumnTarget target) {
    super(file, all, target.action());
    requireMagic(file);
    GenericDatumReader<GenericRecord> records =
        new GenericDatumReader<>(null, null, new GenericData());
    this.reader = reading(() -> new DataFileReader<>(local(file), records));
    boolean complete = false;
    try {
      Schema written = reader.getSchema();
      if (written.getType() != Schema.Type.RECORD) {
        throw malformed(
            "its values are of type " + written.getType().getName() + ", not records",
            "Write records with the contract's columns.");
      }
      this.total = reading(() -> countRows(file, reader.previousSync()));
      target
          .givenColumns()
          .check(
              written.getFields().stream().map(Schema.Field::name).toList(),
              NamesInFiles.of(target.declared()),
              action());
      Schema named = PhysicalFieldNames.replaced(written, target.declared(), action());
      if (!named.equals(written)) {
        records.setSchema(named);
        records.setExpected(named);
      }
      if (target.ignoringUnknownColumns()) {
        records.setExpected(known(named, target.declared()));
      }
      AvroCalendar.addTo(records.getData(), reader);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  /** The library reports a file without it by a class that may not be on the class path. */
  private void requireMagic(Path file) {
    byte[] start =
        reading(
            () -> {
              try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(MAGIC.length);
              }
            });
    if (!Arrays.equals(start, MAGIC)) {
      throw malformed("it is not an Avro file: it does not start with Obj and 1", WRITE_AGAIN);
    }
  }

  private File local(Path file) {
    try {
      return file.toFile();
    } catch (UnsupportedOperationException e) {
      throw unreadable(
          "it is not in the default file system, but for example in a zip file",
          "Copy it to a folder, and pass its path there.");
    }
  }

  /** The number of rows in all blocks, each of which must end within the file. */
  private long countRows(Path file, long first) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(local(file), "r")) {
      long rows = 0;
      long length = in.length();
      for (long block = first; block < length; ) {
        in.seek(block);
        long count = number(in);
        long size = number(in);
        long end = in.getFilePointer();
        if (count < 0 || size < 0 || size > length - end - SYNC_BYTES) {
          throw malformed("the block at byte " + block + " is not complete", WRITE_AGAIN);
        }
        block = end + size + SYNC_BYTES;
        rows += count;
      }
      return rows;
    }
  }

  /** Reads a number of variable length, whose sign is its last bit. */
  private static long number(RandomAccessFile in) throws IOException {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      bits |= (long) (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new EOFException("a number without end");
  }

  /** Returns a file's schema without the fields that the contract does not declare. */
  static Schema known(Schema written, Schema declared) {
    if (declared.isUnion() && !written.isUnion()) {
      for (Schema branch : declared.getTypes()) {
        if (branch.getType() != Schema.Type.NULL) {
          return known(written, branch);
        }
      }
    }
    return switch (written.getType()) {
      case UNION ->
          Schema.createUnion(written.getTypes().stream().map(t -> known(t, declared)).toList());
      case ARRAY ->
          declared.getType() == Schema.Type.ARRAY
              ? Schema.createArray(known(written.getElementType(), declared.getElementType()))
              : written;
      case MAP ->
          declared.getType() == Schema.Type.MAP
              ? Schema.createMap(known(written.getValueType(), declared.getValueType()))
              : written;
      case RECORD -> declared.getType() == Schema.Type.RECORD ? fields(written, declared) : written;
      default -> written;
    };
  }

  private static Schema fields(Schema written, Schema declared) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : written.getFields()) {
      Schema.Field column = declared.getField(field.name());
      if (column != null) {
        fields.add(new Schema.Field(field, known(field.schema(), column.schema())));
      }
    }
    return Schema.createRecord(
        written.getName(), written.getDoc(), written.getNamespace(), false, fields);
  }

  /** The number of rows that the blocks state. */
  public long total() {
    return total;
  }

  @Override
  public @Nullable Object next() {
    Optional<GenericRecord> record =
        reading(() -> reader.hasNext() ? Optional.of(reader.next()) : Optional.empty());
    rowsRead++;
    return record.orElse(null);
  }

  @Override
  public long position() {
    return rowsRead;
  }

  @Override
  public void close() {
    close(reader);
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  /** Runs a step. Messages of the library may contain values. */
  private <T> T reading(Step<T> step) {
    try {
      return step.run();
    } catch (MeshException e) {
      throw e;
    } catch (NoClassDefFoundError e) {
      throw malformed(
          "its compression needs a class that is not on the class path: "
              + Objects.toString(e.getMessage(), "").replace('/', '.'),
          "Add the library with this class, or write the file with the codec deflate.");
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      throw malformed(
          "it is not an Avro file, or is damaged, after record "
              + rowsRead
              + " ("
              + e.getClass().getSimpleName()
              + ")",
          WRITE_AGAIN);
    }
  }
}

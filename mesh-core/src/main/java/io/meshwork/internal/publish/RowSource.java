package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.FileNames;
import io.meshwork.internal.ingest.FilesInput;
import io.meshwork.internal.ingest.RecordsInput;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.runtime.CallerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Where the rows of one publish come from. */
interface RowSource {
  /** Opens it, against a contract and the columns of its table. */
  RowInput open(
      Contract contract, Schema columns, boolean ignoringUnknownColumns, MeshAction action);

  /**
   * What tells this source from another under the same key: names and checksums of files; nothing
   * for records, which are not read twice.
   */
  String fingerprint(MeshAction action);

  /** How many rows it has, where that is known without reading any. */
  default OptionalLong count() {
    return OptionalLong.empty();
  }

  /** Closes what was never opened; does nothing to what was. */
  void discard();

  /** Records from an iterator that is asked for once. */
  static RowSource records(Supplier<Iterator<?>> iterator, Object origin, Runnable onClose) {
    return new RowSource() {
      private boolean opened;

      @Override
      public RowInput open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, MeshAction action) {
        if (opened && !(origin instanceof Iterable<?>)) {
          throw new InvalidRequestException(
              ErrorCode.INVALID_ARGUMENT,
              "Cannot "
                  + action
                  + ": plan() has read the records, and an iterator or a stream gives them once."
                  + " Nothing was published. Give a collection, or the records anew.");
        }
        Iterator<?> records;
        try {
          records = iterator.get();
        } catch (RuntimeException e) {
          if (CallerException.isKnown(e)) {
            throw e;
          }
          if (e instanceof IllegalStateException && origin instanceof Stream<?>) {
            throw new InvalidRequestException(
                ErrorCode.INVALID_ARGUMENT,
                "Cannot "
                    + action
                    + ": the stream of records was used before, or closed. Nothing was published."
                    + " Make a new stream for each publish.");
          }
          throw RecordsInput.failed(action, 0, e);
        }
        opened = true;
        return new RecordsInput(
            records,
            origin,
            RecordShredders.forRecords(contract.schema(), columns, action),
            columns,
            onClose,
            action);
      }

      @Override
      public String fingerprint(MeshAction action) {
        return "records";
      }

      @Override
      public OptionalLong count() {
        try {
          return origin instanceof Collection<?> collection
              ? OptionalLong.of(collection.size())
              : OptionalLong.empty();
        } catch (RuntimeException e) {
          return OptionalLong.empty(); // its code is the caller's, and nothing hangs on it
        }
      }

      @Override
      public void discard() {
        if (!opened) {
          onClose.run();
        }
      }
    };
  }

  /** No rows: what is there is taken away. */
  static RowSource none() {
    return new RowSource() {
      @Override
      public RowInput open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, MeshAction action) {
        throw new IllegalStateException("there is no source of rows to open");
      }

      @Override
      public String fingerprint(MeshAction action) {
        return "none";
      }

      @Override
      public void discard() {}
    };
  }

  /** Parquet files. */
  static RowSource files(List<Path> files) {
    return new RowSource() {
      @Override
      public RowInput open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, MeshAction action) {
        return new FilesInput(files, contract, columns, ignoringUnknownColumns, action);
      }

      @Override
      public String fingerprint(MeshAction action) {
        StringBuilder text = new StringBuilder("files");
        for (Path file : files) {
          text.append('\n')
              .append(file.getFileName())
              .append(' ')
              .append(sha256(file, files, action));
        }
        return text.toString();
      }

      @Override
      public void discard() {}
    };
  }

  /**
   * The source, if one was named.
   *
   * @throws InvalidRequestException otherwise
   */
  static RowSource required(@Nullable RowSource source, MeshAction action) {
    if (source == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": no source of rows was named. Say records(..) or files(..) before commit().");
    }
    return source;
  }

  private static String sha256(Path file, List<Path> all, MeshAction action) {
    if (Files.isDirectory(file)) {
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot "
              + action
              + " from "
              + FileNames.of(file, all)
              + ": it is a folder. Nothing was published. Name the files in it.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot "
              + action
              + " from file "
              + FileNames.of(file, all)
              + ": it does not exist or cannot be read. Nothing was published. Check the path and"
              + " its rights.");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

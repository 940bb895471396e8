package io.meshwork.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.FileNames;
import io.meshwork.internal.ingest.FilesInput;
import io.meshwork.internal.ingest.Input;
import io.meshwork.internal.ingest.RecordsInput;
import io.meshwork.internal.rows.Shredders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Where the rows of one publish come from. */
interface Source {
  /** Opens it, against a contract and the columns of its table. */
  Input open(Contract contract, Schema columns, boolean ignoringUnknownColumns, String doing);

  /**
   * What tells this source from another under the same key: names and checksums of files; nothing
   * for records, which are not read twice.
   */
  String fingerprint(String doing);

  /** Closes what was never opened; does nothing to what was. */
  void discard();

  /** Records from an iterator that is asked for once. */
  static Source records(Supplier<Iterator<?>> iterator, Object origin, Runnable onClose) {
    return new Source() {
      private boolean opened;

      @Override
      public Input open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, String doing) {
        Iterator<?> records;
        try {
          records = iterator.get();
        } catch (MeshException e) {
          throw e;
        } catch (RuntimeException e) {
          if (e instanceof IllegalStateException && origin instanceof Stream<?>) {
            throw new InvalidRequestException(
                ErrorCode.INVALID_ARGUMENT,
                "Cannot "
                    + doing
                    + ": the stream of records was used before, or closed. Nothing was published."
                    + " Make a new stream for each publish.");
          }
          throw RecordsInput.failed(doing, 0, e);
        }
        opened = true;
        return new RecordsInput(
            records,
            origin,
            Shredders.forRecords(contract.schema(), columns, doing),
            columns,
            onClose,
            doing);
      }

      @Override
      public String fingerprint(String doing) {
        return "records";
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
  static Source none() {
    return new Source() {
      @Override
      public Input open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, String doing) {
        throw new IllegalStateException("there is no source of rows to open");
      }

      @Override
      public String fingerprint(String doing) {
        return "none";
      }

      @Override
      public void discard() {}
    };
  }

  /** Parquet files. */
  static Source files(List<Path> files) {
    return new Source() {
      @Override
      public Input open(
          Contract contract, Schema columns, boolean ignoringUnknownColumns, String doing) {
        return new FilesInput(files, contract, columns, ignoringUnknownColumns, doing);
      }

      @Override
      public String fingerprint(String doing) {
        StringBuilder text = new StringBuilder("files");
        for (Path file : files) {
          text.append('\n')
              .append(file.getFileName())
              .append(' ')
              .append(sha256(file, files, doing));
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
  static Source required(@Nullable Source source, String doing) {
    if (source == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + ": no source of rows was named. Say records(..) or files(..) before commit().");
    }
    return source;
  }

  private static String sha256(Path file, List<Path> all, String doing) {
    if (Files.isDirectory(file)) {
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot "
              + doing
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
              + doing
              + " from file "
              + FileNames.of(file, all)
              + ": it does not exist or cannot be read. Nothing was published. Check the path and"
              + " its rights.");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

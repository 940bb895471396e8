package io.meshwork.testkit;

import io.meshwork.internal.table.UnsyncedFiles;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestListFile;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files with faults at each call, which delegate to others. As thread-safe as those; cannot be sent
 * to another process.
 */
class FaultyFileIO implements SupportsBulkOperations, UnsyncedFiles {
  private static final long serialVersionUID = 1L;

  private final FileIO real;
  private final transient Faults faults;

  FaultyFileIO(FileIO real, Faults faults) {
    this.real = real;
    this.faults = faults;
  }

  static FileIO over(FileIO real, Faults faults) {
    return real instanceof SupportsPrefixOperations listing
        ? new ListingFileIO(listing, faults)
        : new FaultyFileIO(real, faults);
  }

  @Override
  public InputFile newInputFile(String location) {
    return input(() -> real.newInputFile(location));
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return input(() -> real.newInputFile(location, length));
  }

  @Override
  public InputFile newInputFile(DataFile file) {
    return input(() -> real.newInputFile(file));
  }

  @Override
  public InputFile newInputFile(DeleteFile file) {
    return input(() -> real.newInputFile(file));
  }

  @Override
  public InputFile newInputFile(ManifestFile manifest) {
    return input(() -> real.newInputFile(manifest));
  }

  @Override
  public InputFile newInputFile(ManifestListFile manifestList) {
    return input(() -> real.newInputFile(manifestList));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    faults.requireAlive();
    return new FaultyOutputFile(real, real.newOutputFile(location), faults);
  }

  @Override
  public OutputFile newUnsyncedFile(String location) {
    faults.requireAlive();
    OutputFile file =
        real instanceof UnsyncedFiles unsynced
            ? unsynced.newUnsyncedFile(location)
            : real.newOutputFile(location);
    return new FaultyOutputFile(real, file, faults);
  }

  /** Syncs files together, which is a part of their close. */
  @Override
  public void sync(Collection<String> locations) {
    if (real instanceof UnsyncedFiles unsynced && !locations.isEmpty()) {
      String first = locations.iterator().next();
      faults.call(
          Port.FILE_CLOSE,
          first,
          () -> {
            unsynced.sync(locations);
            return first;
          },
          () -> failed("sync", first));
    }
  }

  @Override
  public void deleteFile(String location) {
    faults.call(
        Port.FILE_DELETE,
        location,
        () -> {
          real.deleteFile(location);
          return location;
        },
        () -> failed("delete", location));
  }

  @Override
  public void deleteFile(InputFile file) {
    deleteFile(file.location());
  }

  @Override
  public void deleteFile(OutputFile file) {
    deleteFile(file.location());
  }

  /** Deletes files together; a torn call deletes only the first ones. */
  @Override
  public void deleteFiles(Iterable<String> locations) {
    List<String> all = new ArrayList<>();
    locations.forEach(all::add);
    InjectedFault fault =
        faults.meet(Port.FILE_DELETE, all.isEmpty() ? "nothing" : all.get(0), all.size());
    if (fault.tears()) {
      deleteAll(all.subList(0, fault.part(all.size())));
    }
    Faults.call(
        fault,
        () -> {
          deleteAll(all);
          return all;
        },
        () -> new BulkDeletionFailureException(all.size() - fault.part(all.size())));
  }

  private void deleteAll(List<String> locations) {
    if (real instanceof SupportsBulkOperations bulk) {
      bulk.deleteFiles(locations);
    } else {
      locations.forEach(real::deleteFile);
    }
  }

  @Override
  public Map<String, String> properties() {
    return real.properties();
  }

  @Override
  public void initialize(Map<String, String> properties) {
    faults.requireAlive();
    real.initialize(properties);
  }

  /** Releases resources even after a crash, as the operating system does. */
  @Override
  public void close() {
    real.close();
  }

  private InputFile input(java.util.function.Supplier<InputFile> open) {
    faults.requireAlive();
    return new FaultyInputFile(open.get(), faults);
  }

  static RuntimeIOException failed(String action, String location) {
    return new RuntimeIOException(failure(), "Could not %s '%s'", action, location);
  }

  static IOException failure() {
    return new IOException("A test made the store fail");
  }

  /** Files with faults that can be listed. */
  private static final class ListingFileIO extends FaultyFileIO
      implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1L;

    private final SupportsPrefixOperations listing;
    private final transient Faults faults;

    ListingFileIO(SupportsPrefixOperations real, Faults faults) {
      super(real, faults);
      listing = real;
      this.faults = faults;
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return faults.call(
          Port.FILE_LIST, prefix, () -> listing.listPrefix(prefix), () -> failed("list", prefix));
    }

    /** Deletes the files of a prefix; a torn call deletes only the first ones. */
    @Override
    public void deletePrefix(String prefix) {
      List<String> below = new ArrayList<>();
      listing.listPrefix(prefix).forEach(file -> below.add(file.location()));
      InjectedFault fault = faults.meet(Port.FILE_DELETE, prefix, below.size());
      if (fault.tears()) {
        below.subList(0, fault.part(below.size())).forEach(listing::deleteFile);
      }
      Faults.call(
          fault,
          () -> {
            listing.deletePrefix(prefix);
            return prefix;
          },
          () -> failed("delete all of", prefix));
    }
  }
}

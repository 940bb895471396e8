package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The files below a table, in any store. Extend it, return a {@link FileIO} and an empty folder,
 * and run it with JUnit:
 *
 * <pre>{@code
 * class MyFilesTest extends FileIOConformance {
 *   @TempDir Path folder;
 *
 *   @Override
 *   protected FileIO fileIO() {
 *     return new MyFileIO();
 *   }
 *
 *   @Override
 *   protected String folder() {
 *     return folder.toString();
 *   }
 * }
 * }</pre>
 *
 * <p>Two writers of one name are not tested, because object stores may let the second one overwrite
 * the first; Meshwork never uses a name twice. Listing and bulk deletion are tested if supported.
 */
public abstract class FileIOConformance {
  private static final long SEED = 20_261_120L;

  @SuppressWarnings("NullAway.Init") // JUnit calls open() before each test
  private FileIO files;

  /** Returns the files under test. Called once for each test, which closes them. */
  protected abstract FileIO fileIO();

  /** Returns an empty or missing folder to write to, as a location without a slash at its end. */
  protected abstract String folder();

  /**
   * Returns files that the store denies to their caller, below the same folder. Default: empty, for
   * a store that denies nothing.
   */
  protected Optional<FileIO> deniedFileIO() {
    return Optional.empty();
  }

  @BeforeEach
  void open() {
    files = fileIO();
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void aClosedFileHoldsWhatWasWritten() throws IOException {
    String location = at("data/one.parquet");

    write(location, bytes("hello"));

    assertThat(files.newInputFile(location).exists()).isTrue();
    assertThat(files.newInputFile(location).getLength()).isEqualTo(5);
    assertThat(files.newInputFile(location).location()).isEqualTo(location);
    assertThat(read(location)).isEqualTo(bytes("hello"));
  }

  @Test
  void anEmptyFileIsAFile() throws IOException {
    write(at("empty"), new byte[0]);

    assertThat(files.newInputFile(at("empty")).exists()).isTrue();
    assertThat(files.newInputFile(at("empty")).getLength()).isZero();
    assertThat(read(at("empty"))).isEmpty();
  }

  @Test
  void aFileIsVisibleOnlyAfterItIsClosed() throws IOException {
    OutputFile output = files.newOutputFile(at("late"));
    try (PositionOutputStream stream = output.create()) {
      stream.write(new byte[200_000]);
      stream.flush();

      assertThat(files.newInputFile(at("late")).exists()).isFalse();
      assertThatThrownBy(() -> read(at("late"))).isInstanceOf(NotFoundException.class);
    }
    assertThat(files.newInputFile(at("late")).exists()).isTrue();
    assertThat(output.toInputFile().getLength()).isEqualTo(200_000);
  }

  @Test
  void aFileIsNotCreatedTwice() throws IOException {
    write(at("taken"), bytes("first"));

    assertThatThrownBy(
            () -> {
              try (PositionOutputStream stream = files.newOutputFile(at("taken")).create()) {
                stream.write(bytes("second"));
              }
            })
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(read(at("taken"))).isEqualTo(bytes("first"));
  }

  @Test
  void overwritingReplacesTheWholeFileOnClose() throws IOException {
    write(at("pointer"), bytes("a long first version"));

    try (PositionOutputStream stream = files.newOutputFile(at("pointer")).createOrOverwrite()) {
      stream.write(bytes("second"));
      stream.flush();
      assertThat(read(at("pointer"))).isEqualTo(bytes("a long first version"));
    }

    assertThat(read(at("pointer"))).isEqualTo(bytes("second"));
  }

  @Test
  void overwritingCreatesAMissingFile() throws IOException {
    try (PositionOutputStream stream = files.newOutputFile(at("new")).createOrOverwrite()) {
      stream.write(bytes("first"));
    }

    assertThat(read(at("new"))).isEqualTo(bytes("first"));
  }

  @Test
  void closingTwiceIsHarmless() throws IOException {
    PositionOutputStream output = files.newOutputFile(at("twice")).create();
    output.write(bytes("once"));
    output.close();
    output.close();

    assertThat(read(at("twice"))).isEqualTo(bytes("once"));

    SeekableInputStream input = files.newInputFile(at("twice")).newStream();
    input.close();
    input.close();
  }

  @Test
  void aWriterReportsItsPositionAlsoAfterClose() throws IOException {
    PositionOutputStream stream = files.newOutputFile(at("counted")).create();
    assertThat(stream.getPos()).isZero();
    stream.write('x');
    assertThat(stream.getPos()).isEqualTo(1);
    stream.write(new byte[100_000]);
    assertThat(stream.getPos()).isEqualTo(100_001);
    stream.write(new byte[10], 2, 3);
    stream.close();

    assertThat(stream.storedLength()).isEqualTo(100_004);
    assertThat(files.newInputFile(at("counted")).getLength()).isEqualTo(100_004);
  }

  @Test
  void aFileIsReadFromAnyPosition() throws IOException {
    Random random = new Random(SEED);
    byte[] content = new byte[1_500_000];
    random.nextBytes(content);
    writeInPieces(at("large"), content, random);
    InputFile ofUnknownLength = files.newInputFile(at("large"));
    InputFile ofKnownLength = files.newInputFile(at("large"));

    assertReadFromAnyPosition(ofUnknownLength, content, random);
    assertThat(ofKnownLength.getLength()).isEqualTo(content.length);
    assertReadFromAnyPosition(ofKnownLength, content, random);
  }

  private static void assertReadFromAnyPosition(InputFile file, byte[] content, Random random)
      throws IOException {
    try (SeekableInputStream stream = file.newStream()) {
      for (int i = 0; i < 300; i++) {
        int position = random.nextInt(content.length);
        int length = Math.min(content.length - position, 1 + random.nextInt(100_000));
        stream.seek(position);
        byte[] piece = stream.readNBytes(length);

        assertThat(piece)
            .as("seed %s, %s bytes from %s", SEED, length, position)
            .isEqualTo(java.util.Arrays.copyOfRange(content, position, position + length));
        assertThat(stream.getPos()).isEqualTo(position + length);
      }
    }
  }

  @Test
  void singleBytesAndSkipsAgreeWithThePosition() throws IOException {
    write(at("digits"), bytes("0123456789"));

    try (SeekableInputStream stream = files.newInputFile(at("digits")).newStream()) {
      assertThat(stream.read()).isEqualTo('0');
      assertThat(stream.skip(3)).isEqualTo(3);
      assertThat(stream.getPos()).isEqualTo(4);
      assertThat(stream.read()).isEqualTo('4');
      stream.seek(1);
      assertThat(stream.read()).isEqualTo('1');
      stream.seek(9);
      assertThat(stream.read()).isEqualTo('9');
      assertThat(stream.read()).isEqualTo(-1);
      assertThat(stream.read(new byte[4], 0, 4)).isEqualTo(-1);
      assertThat(stream.getPos()).isEqualTo(10);
      stream.seek(0);
      assertThat(stream.readAllBytes()).isEqualTo(bytes("0123456789"));
    }
  }

  @Test
  void bytesAbove127AreReadUnchanged() throws IOException {
    write(at("bytes"), new byte[] {(byte) 0xff, 0, (byte) 0x80});

    try (SeekableInputStream stream = files.newInputFile(at("bytes")).newStream()) {
      assertThat(stream.read()).isEqualTo(0xff);
      assertThat(stream.read()).isZero();
      assertThat(stream.read()).isEqualTo(0x80);
    }
  }

  @Test
  void aMissingFileIsReportedAsMissing() {
    assertThat(files.newInputFile(at("nowhere")).exists()).isFalse();
    assertThatThrownBy(() -> files.newInputFile(at("nowhere")).getLength())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> files.newInputFile(at("nowhere")).newStream().read())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aDeletedFileIsReportedAsMissing() throws IOException {
    write(at("gone"), bytes("gone"));
    InputFile opened = files.newInputFile(at("gone"));
    files.deleteFile(at("gone"));

    assertThat(opened.exists()).isFalse();
    assertThatThrownBy(opened::getLength).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> {
              try (SeekableInputStream stream = opened.newStream()) {
                stream.read();
              }
            })
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aDeniedRequestIsNeverAMissingFile() throws IOException {
    Optional<FileIO> provided = deniedFileIO();
    assumeTrue(provided.isPresent(), "this store denies nothing");
    write(at("kept"), bytes("kept"));
    try (FileIO denied = provided.get()) {
      InputFile deniedFile = denied.newInputFile(at("kept"));
      assertDenied(deniedFile::exists);
      assertDenied(deniedFile::getLength);
      assertDenied(() -> deniedFile.newStream().read());
      assertDenied(() -> denied.newOutputFile(at("new")).create().close());
      assertDenied(() -> denied.deleteFile(at("kept")));
      if (denied instanceof SupportsPrefixOperations listing) {
        assertDenied(() -> listing.listPrefix(at("")).forEach(file -> {}));
      }
    }
    assertThat(read(at("kept"))).isEqualTo(bytes("kept"));
    assertThat(files.newInputFile(at("new")).exists()).isFalse();
  }

  private static void assertDenied(ThrowingCallable request) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
              assertThat(e.retryable()).isFalse();
            });
  }

  @Test
  void deletingAFileTwiceIsHarmless() throws IOException {
    write(at("old"), bytes("old"));

    files.deleteFile(at("old"));
    files.deleteFile(at("old"));

    assertThat(files.newInputFile(at("old")).exists()).isFalse();
  }

  @Test
  void aNameMayContainSpacesSymbolsAndLetters() throws IOException {
    for (String name : List.of("a b", "day=2026-11-20/x", "ü%20ö", "a+b&c", "q'uote", "漢字")) {
      write(at(name), bytes(name));

      assertThat(read(at(name))).isEqualTo(bytes(name));
    }
  }

  @Test
  void manyThreadsWriteTheirOwnFiles() throws Exception {
    List<Callable<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      writers.add(
          () -> {
            for (int n = 0; n < 10; n++) {
              write(at("many/" + number + "/" + n), bytes(number + " " + n));
            }
            return number;
          });
    }

    for (int number : ConcurrentCalls.run(writers)) {
      for (int n = 0; n < 10; n++) {
        assertThat(read(at("many/" + number + "/" + n))).isEqualTo(bytes(number + " " + n));
      }
    }
  }

  @Test
  void theFilesAreSerializable() throws Exception {
    write(at("carried"), bytes("carried"));
    ByteArrayOutputStream carried = new ByteArrayOutputStream();
    try (ObjectOutputStream output = new ObjectOutputStream(carried)) {
      output.writeObject(files);
    }

    try (ObjectInputStream input =
            new ObjectInputStream(new ByteArrayInputStream(carried.toByteArray()));
        FileIO arrived = (FileIO) input.readObject();
        SeekableInputStream stream = arrived.newInputFile(at("carried")).newStream()) {
      assertThat(stream.readAllBytes()).isEqualTo(bytes("carried"));
    }
  }

  @Test
  void listingAPrefixReturnsAllFilesWithTheirSizes() throws IOException {
    assumeTrue(files instanceof SupportsPrefixOperations, "this FileIO does not list");
    SupportsPrefixOperations listing = (SupportsPrefixOperations) files;
    write(at("t/data/1"), bytes("1"));
    write(at("t/data/deep/er/22"), bytes("22"));
    write(at("t/metadata/333"), bytes("333"));
    write(at("u/4444"), bytes("4444"));

    List<FileInfo> listed = new ArrayList<>();
    listing.listPrefix(at("t/")).forEach(listed::add);

    assertThat(listed)
        .extracting(FileInfo::location)
        .containsExactlyInAnyOrder(at("t/data/1"), at("t/data/deep/er/22"), at("t/metadata/333"));
    assertThat(listed).extracting(FileInfo::size).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(listing.listPrefix(at("nowhere/"))).isEmpty();

    listing.deletePrefix(at("t/"));
    listing.deletePrefix(at("nowhere/"));

    assertThat(listing.listPrefix(at("t/"))).isEmpty();
    assertThat(read(at("u/4444"))).isEqualTo(bytes("4444"));
  }

  @Test
  void manyFilesAreDeletedTogether() throws IOException {
    assumeTrue(files instanceof SupportsBulkOperations, "this FileIO deletes one by one");
    write(at("1"), bytes("1"));
    write(at("2"), bytes("2"));
    write(at("3"), bytes("3"));

    ((SupportsBulkOperations) files).deleteFiles(List.of(at("1"), at("3"), at("nowhere")));

    assertThat(files.newInputFile(at("1")).exists()).isFalse();
    assertThat(files.newInputFile(at("2")).exists()).isTrue();
    assertThat(files.newInputFile(at("3")).exists()).isFalse();
  }

  @Test
  void seekingBeforeTheStartFails() throws IOException {
    write(at("short"), bytes("short"));

    try (SeekableInputStream stream = files.newInputFile(at("short")).newStream()) {
      assertThatThrownBy(() -> stream.seek(-1))
          .isInstanceOfAny(EOFException.class, IllegalArgumentException.class);
    }
  }

  private String at(String name) {
    return folder() + "/" + name;
  }

  private void write(String location, byte[] content) throws IOException {
    try (PositionOutputStream stream = files.newOutputFile(location).create()) {
      stream.write(content);
    }
  }

  private void writeInPieces(String location, byte[] content, Random random) throws IOException {
    try (PositionOutputStream stream = files.newOutputFile(location).create()) {
      for (int position = 0; position < content.length; ) {
        int length = Math.min(content.length - position, random.nextInt(100_000));
        stream.write(content, position, length);
        position += length;
      }
    }
  }

  private byte[] read(String location) throws IOException {
    try (SeekableInputStream stream = files.newInputFile(location).newStream()) {
      return stream.readAllBytes();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

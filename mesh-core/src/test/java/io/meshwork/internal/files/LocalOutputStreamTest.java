package io.meshwork.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.files.LocalOutputStream.TargetName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalOutputStreamTest {
  @TempDir private Path folder;

  @Test
  void withoutHardLinksAFileGetsAFreeNameWhole() throws IOException {
    Path temporary = Files.writeString(folder.resolve(".x.tmp"), "content");

    LocalOutputStream.claimAndMove(DiskCalls.ofSystem(), temporary, folder.resolve("x"));

    assertThat(folder.resolve("x")).hasContent("content");
    assertThat(temporary).doesNotExist();
  }

  @Test
  void withoutHardLinksAnExistingFileKeepsItsBytes() throws IOException {
    Path temporary = Files.writeString(folder.resolve(".x.tmp"), "content");
    Files.writeString(folder.resolve("x"), "taken");

    assertThatThrownBy(
            () ->
                LocalOutputStream.claimAndMove(
                    DiskCalls.ofSystem(), temporary, folder.resolve("x")))
        .isInstanceOf(FileAlreadyExistsException.class);

    assertThat(folder.resolve("x")).hasContent("taken");
  }

  @Test
  void withoutHardLinksAFailedMoveFreesTheName() {
    assertThatThrownBy(
            () ->
                LocalOutputStream.claimAndMove(
                    DiskCalls.ofSystem(), folder.resolve("gone"), folder.resolve("x")))
        .isInstanceOf(NoSuchFileException.class);

    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void aWriterThatReplacesAFileLeavesTheTemporaryFileOfTheNextWriter() throws IOException {
    DiskWithNextWriter disk = new DiskWithNextWriter();
    LocalOutputStream first =
        LocalOutputStream.create(disk, folder.resolve("x"), TargetName.SYNCED);
    write(first, "first");

    first.close();

    assertThat(folder.resolve("x")).hasContent("first");
    disk.next.close();
    assertThat(folder.resolve("x")).hasContent("next");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aWriterWithoutHardLinksLeavesTheTemporaryFileOfTheNextWriter() throws IOException {
    DiskWithNextWriter disk = new DiskWithNextWriter();
    LocalOutputStream first = LocalOutputStream.create(disk, folder.resolve("x"), TargetName.NEW);
    write(first, "first");

    first.close();

    disk.next.close();
    assertThat(folder.resolve("x")).hasContent("next");
  }

  @Test
  void aFailedWriterLeavesTheTemporaryFileOfTheNextWriter() throws IOException {
    LocalOutputStream failed =
        LocalOutputStream.create(DiskCalls.ofSystem(), folder.resolve("x"), TargetName.SYNCED);
    write(failed, "failed");
    failed.abort();
    LocalOutputStream next =
        LocalOutputStream.create(DiskCalls.ofSystem(), folder.resolve("x"), TargetName.SYNCED);
    write(next, "next");

    assertThatThrownBy(failed::close).isInstanceOf(IOException.class);

    next.close();
    assertThat(folder.resolve("x")).hasContent("next");
  }

  @Test
  void aNameThatNeedsNoSyncIsReplacedAsAWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "a long old text");
    DiskWithNextWriter disk = new DiskWithNextWriter();
    LocalOutputStream first = LocalOutputStream.create(disk, file, TargetName.NOT_SYNCED);
    write(first, "first");
    assertThat(file).hasContent("a long old text");

    first.close();

    assertThat(file).hasContent("first");
    assertThat(disk.syncedFiles).isEqualTo(1);
    assertThat(disk.syncedFolders).isZero();
    disk.next.close();
  }

  private static void write(LocalOutputStream stream, String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A disk without hard links on which another writer begins as soon as a file is renamed. */
  private static final class DiskWithNextWriter implements DiskCalls {
    private static final long serialVersionUID = 1L;

    private final transient DiskCalls real = DiskCalls.ofSystem();

    @SuppressWarnings("NullAway.Init") // the first rename sets it
    private transient LocalOutputStream next;

    private int syncedFiles;
    private int syncedFolders;

    @Override
    public void createFolder(Path folder) throws IOException {
      real.createFolder(folder);
    }

    @Override
    public FileChannel createFile(Path file) throws IOException {
      return real.createFile(file);
    }

    @Override
    public void syncFile(Path file, FileChannel channel) throws IOException {
      syncedFiles++;
      real.syncFile(file, channel);
    }

    @Override
    public void link(Path name, Path file) {
      throw new UnsupportedOperationException("no hard links");
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      real.move(from, to);
      if (next == null) {
        next = LocalOutputStream.create(real, to, TargetName.SYNCED);
        write(next, "next");
      }
    }

    @Override
    public void delete(Path path) throws IOException {
      real.delete(path);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      syncedFolders++;
      real.syncFolder(folder);
    }
  }
}

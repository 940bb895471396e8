package io.meshwork.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
}

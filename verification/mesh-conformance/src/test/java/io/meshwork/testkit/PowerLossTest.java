package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.files.DiskCalls;
import io.meshwork.testkit.Faults.Death;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Power is lost at every call: what was committed is there, since it was synced before. */
class PowerLossTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"APPEND_WITH_ROWS_SET_ASIDE", "REPLACE_WHERE", "REGISTER_AND_DEFINE"})
  void whatWasCommittedSurvivesTheLossOfAllThatWasNotSynced(CrashScenario scenario) {
    CrashReport report = losingPower(scenario, 0).atMost(25).run();

    assertThat(report.done()).as("%s", report).isPositive();
    assertThat(report.undone()).as("%s", report).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatWasCommittedSurvivesWhateverADiskForgets(long seed) {
    CrashReport report = losingPower(CrashScenario.REPLACE_ALL, seed).seed(seed).atMost(12).run();

    assertThat(report.done()).as("%s", report).isPositive();
  }

  private CrashHarness losingPower(CrashScenario scenario, long seed) {
    return scenario.harness().on(() -> MeshPlace.losingPower(folder, seed)).dying(Death.KILL);
  }

  @Test
  void aMeshThatDoesNotSyncItsFilesIsFoundOut() {
    assertThatThrownBy(() -> run(NoFileSync::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not survive");
  }

  @Test
  void aMeshThatDoesNotSyncItsFoldersIsFoundOut() {
    assertThatThrownBy(() -> run(NoFolderSync::new))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("does not survive");
  }

  private void run(java.util.function.UnaryOperator<DiskCalls> between) {
    CrashScenario.APPEND
        .harness()
        .on(() -> ForgetfulPlace.below(folder, 0, between))
        .dying(Death.KILL)
        .atMost(8)
        .run();
  }

  /** Forgets to sync files. */
  private static final class NoFileSync extends Passing {
    private static final long serialVersionUID = 1L;

    NoFileSync(DiskCalls real) {
      super(real);
    }

    @Override
    public void syncFile(Path file, FileChannel channel) {}
  }

  /** Forgets to sync folders. */
  private static final class NoFolderSync extends Passing {
    private static final long serialVersionUID = 1L;

    NoFolderSync(DiskCalls real) {
      super(real);
    }

    @Override
    public void syncFolder(Path folder) {}
  }

  /** Passes everything on. */
  private abstract static class Passing implements DiskCalls {
    private static final long serialVersionUID = 1L;

    private final DiskCalls real;

    Passing(DiskCalls real) {
      this.real = real;
    }

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
      real.syncFile(file, channel);
    }

    @Override
    public void link(Path name, Path file) throws IOException {
      real.link(name, file);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      real.move(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
      real.delete(path);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
      real.syncFolder(folder);
    }
  }
}

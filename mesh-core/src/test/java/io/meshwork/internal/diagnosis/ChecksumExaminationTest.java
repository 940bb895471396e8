package io.meshwork.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.Finding;
import io.meshwork.internal.table.TableFiles.DataEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.junit.jupiter.api.Test;

/** Data files are read at the same time, as far as the executor has threads. */
class ChecksumExaminationTest {
  private static final int FILES = 4;

  /** A store without files, which answers once so many requests wait. */
  private static final class EmptyStore implements FileIO {
    private final CyclicBarrier requests = new CyclicBarrier(FILES);

    @Override
    public InputFile newInputFile(String path) {
      try {
        requests.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException("the others are not read at the same time", e);
      }
      throw new NotFoundException("File '%s' does not exist", path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void deleteFile(String path) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void filesAreReadAtTheSameTime() {
    List<DataEntry> files = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      files.add(new DataEntry("s3://bucket/" + file, 1, 1, file));
    }
    List<Finding> findings = new ArrayList<>();
    ExecutorService workers = Executors.newFixedThreadPool(FILES);
    try {
      new ChecksumExamination(new EmptyStore(), "commerce/orders", workers)
          .examine(files, Long.MAX_VALUE, findings);
    } finally {
      workers.shutdownNow();
    }

    assertThat(findings).as("missing files are reported elsewhere").isEmpty();
  }
}

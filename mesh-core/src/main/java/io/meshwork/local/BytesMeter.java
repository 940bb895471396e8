package io.meshwork.local;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.MeshTree;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.operation.Operation.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalLong;

/** Reports how many bytes of files were copied. Not thread-safe. */
final class BytesMeter {
  private static final String PHASE = "bytes";
  private static final Progress NO_LISTENER = (phase, done, total) -> {};

  private final ProgressMeter meter;
  private final boolean listens;
  private OptionalLong total = OptionalLong.empty();
  private long done;

  private BytesMeter(Progress listener) {
    this.meter =
        new ProgressMeter(
            MeshRuntime.systemClock(), listener, MeshAction.of(Verb.COPY, "the files of the mesh"));
    this.listens = listener != NO_LISTENER;
  }

  static BytesMeter of(Progress listener) {
    return new BytesMeter(listener);
  }

  /** Returns a meter without a listener. */
  static BytesMeter silent() {
    return new BytesMeter(NO_LISTENER);
  }

  /** Sums up the files below parts of a folder, if somebody listens. */
  void expect(Path folder, Collection<Path> parts) throws IOException {
    if (!listens) {
      return;
    }
    long[] sum = new long[1];
    for (Path part : parts) {
      MeshTree.visit(
          folder,
          part,
          (file, attributes) -> sum[0] += attributes.isRegularFile() ? attributes.size() : 0);
    }
    total = OptionalLong.of(sum[0]);
    meter.end(PHASE, 0, total);
  }

  /** Adds a file that was copied, or was there already. */
  void add(long bytes) {
    done += bytes;
    meter.at(PHASE, done, total);
  }

  /** Reports the end. */
  void end() {
    if (listens) {
      meter.end(PHASE, done, total);
    }
  }
}

package io.meshwork.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import org.junit.jupiter.api.Test;

/** The failure of a native library has its true cause. */
class NativeLibraryTest {
  private static String message(Throwable cause) {
    return String.valueOf(
        NativeLibrary.failure(MeshAction.of(Verb.READ, "a page"), "zstd", cause)
            .invalidRequest(ErrorCode.CONFIG_INVALID)
            .getMessage());
  }

  @Test
  void deniedNativeAccessIsNotBlamedOnTheTemporaryFolder() {
    Error failed = new ExceptionInInitializerError(new IllegalCallerException("denied"));

    assertThat(message(failed))
        .contains("denies native access", "--enable-native-access=ALL-UNNAMED")
        .doesNotContain("noexec", "does not support");
  }

  @Test
  void aFolderThatForbidsExecutionIsNamedWithWhatTheSystemSaid() {
    assertThat(message(new UnsatisfiedLinkError("failed to map segment from shared object")))
        .contains("noexec", NativeLibrary.folder(), "failed to map segment");
  }
}

package io.meshwork.cli.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-20T08:00:00Z");

  private CommandShell shell(boolean watched) {
    return new CommandShell(
        InputStream.nullInputStream(),
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
        new PrintStream(terminal, true, StandardCharsets.UTF_8),
        Map.of(),
        false,
        watched,
        () -> now);
  }

  private ProgressLine line(OptionalLong estimatedRows) {
    return new ProgressLine(
        new PrintStream(terminal, true, StandardCharsets.UTF_8), () -> now, estimatedRows);
  }

  private String shown() {
    String all = terminal.toString(StandardCharsets.UTF_8);
    return all.substring(all.lastIndexOf('\r') + "\r\u001B[K".length());
  }

  private void after(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aKnownTotalHasAShareARateAndTheTimeLeft() {
    ProgressLine line = line(OptionalLong.empty());
    line.at("rows", 0, OptionalLong.of(4_000_000));
    assertThat(shown()).isEqualTo("rows 0 of 4,000,000, 0 %");

    after(Duration.ofSeconds(10));
    line.at("rows", 1_000_000, OptionalLong.of(4_000_000));
    assertThat(shown()).isEqualTo("rows 1,000,000 of 4,000,000, 25 %, 100,000/s, 30 s left");

    after(Duration.ofSeconds(110));
    line.at("rows", 1_200_000, OptionalLong.of(4_000_000));
    assertThat(shown()).endsWith("30 %, 10,000/s, 4 min 40 s left");
  }

  @Test
  void anUnknownTotalHasARateAlone() {
    ProgressLine line = line(OptionalLong.empty());
    line.at("rows", 0, OptionalLong.empty());
    after(Duration.ofSeconds(4));
    line.at("rows", 2_000, OptionalLong.empty());

    assertThat(shown()).isEqualTo("rows 2,000, 500/s");
  }

  @Test
  void anEstimateOfTheRowsSaysSoAndIsDroppedOnceItIsTooLow() {
    ProgressLine line = line(OptionalLong.of(1_000));
    line.at("rows", 0, OptionalLong.empty());
    after(Duration.ofSeconds(5));
    line.at("rows", 500, OptionalLong.empty());
    assertThat(shown()).isEqualTo("rows 500 of about 1,000, 50 %, 100/s, 5 s left");

    after(Duration.ofSeconds(6));
    line.at("rows", 1_100, OptionalLong.empty());
    assertThat(shown()).isEqualTo("rows 1,100, 100/s");
  }

  @Test
  void bytesHaveUnitsAndLongTimesHours() {
    ProgressLine line = line(OptionalLong.empty());
    line.at("bytes", 0, OptionalLong.of(400_000_000_000L));
    after(Duration.ofMinutes(20));
    line.at("bytes", 100_000_000_000L, OptionalLong.of(400_000_000_000L));

    assertThat(shown()).isEqualTo("bytes 100.0 GB of 400.0 GB, 25 %, 83.3 MB/s, 1 h 0 min left");
  }

  @Test
  void anotherPhaseBeginsAnewAndLinesThatFollowAtOnceAreLeftOut() {
    ProgressLine line = line(OptionalLong.empty());
    line.at("rows", 10, OptionalLong.empty());
    line.at("rows", 11, OptionalLong.empty());
    assertThat(shown()).isEqualTo("rows 10");

    line.at("commit", 1, OptionalLong.of(1));
    assertThat(shown()).isEqualTo("commit 1 of 1, 100 %");
  }

  @Test
  void theLineIsClearedAtTheEndAndAPipeGetsNothing() {
    String result =
        ProgressLine.during(
            shell(true), listener -> listener.at("rows", 1, OptionalLong.empty()), () -> "done");
    assertThat(result).isEqualTo("done");
    assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("rows 1").endsWith("\r\u001B[K");

    terminal.reset();
    ProgressLine.during(
        shell(false), listener -> listener.at("rows", 1, OptionalLong.empty()), () -> "done");
    assertThat(terminal.size()).isZero();
  }
}

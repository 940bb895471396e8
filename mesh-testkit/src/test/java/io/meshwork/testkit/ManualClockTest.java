package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

  private final ManualClock clock = ManualClock.at(START);

  @Test
  void itChangesOnlyWhenItIsAdvanced() {
    assertThat(clock.instant()).isEqualTo(START);
    clock.advance(Duration.ofMinutes(90));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-20T09:30:00Z"));
    assertThat(clock.millis()).isEqualTo(clock.instant().toEpochMilli());
  }

  @Test
  void itAdvancesToTheEndOfADayInUtc() {
    clock.advanceTo(LocalDate.of(2026, 11, 21));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
    clock.advanceTo(LocalDate.of(2026, 11, 21));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-11-22T00:00:00Z"));
  }

  @Test
  void theClockNeverMovesBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> clock.advanceTo(LocalDate.of(2026, 11, 19)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2026-11-19");
    assertThat(clock.instant()).isEqualTo(START);
  }

  @Test
  void concurrentAdvancesLoseNoTime() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  clock.advance(Duration.ofMillis(1));
                }
              }));
    }

    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(clock.instant()).isEqualTo(START.plusMillis(8_000));
  }
}

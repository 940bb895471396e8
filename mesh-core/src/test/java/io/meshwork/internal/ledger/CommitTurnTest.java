package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitTurnTest {
  private final List<String> named = new ArrayList<>();
  private final CommitTurn first = place("orders");
  private final CommitTurn second = place("orders");
  private final CommitTurn other = place("sales");

  private CommitTurn place(String partition) {
    return new CommitTurn(
        () -> {
          named.add(partition);
          return "mesh " + partition;
        });
  }

  @Test
  void whoWaitedLongestIsNext() {
    first.join();
    second.join();
    first.join();
    other.join();

    assertThat(first.before()).isZero();
    assertThat(second.before()).isEqualTo(1);
    assertThat(other.before()).isZero();
    first.leave();
    assertThat(second.before()).isZero();
    second.leave();
    other.leave();
  }

  @Test
  void whoComesWhileNobodyWaitsNeedsNoName() {
    assertThat(first.anyWaits()).isFalse();
    assertThat(first.before()).isZero();
    first.leave();
    assertThat(named).isEmpty();

    second.join();

    assertThat(first.anyWaits()).isTrue();
    assertThat(other.anyWaits()).isFalse();
    second.leave();
    assertThat(first.anyWaits()).isFalse();
  }
}

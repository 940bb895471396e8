package io.meshwork.testkit;

import io.meshwork.registry.Registry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets two processes call a registry by turns: one runs until it has made a number of calls, then
 * the other, and so on; the last turn has no end. A process whose turn it is not waits before its
 * next call, so that only one runs at any time, and a schedule always has the same result. Used
 * once.
 */
final class CallTurns {
  private final int[] turns;
  private final int[] calls = new int[2];
  private final boolean[] ended = new boolean[2];
  private int callsOfLastTurn;
  private int turn;
  private int left;
  private int running;
  private boolean started;

  /**
   * Creates a schedule.
   *
   * @param turns the number of calls in each turn: of the first process, of the second, and so on
   */
  CallTurns(int... turns) {
    this.turns = turns.clone();
    this.left = calls(0);
  }

  private int calls(int number) {
    return number < turns.length ? turns[number] : Integer.MAX_VALUE;
  }

  /** From now on calls take turns. */
  synchronized void start() {
    started = true;
  }

  /** Runs an operation as one of the processes; the calls of the other wait for its turn. */
  void run(int process, Runnable operation) {
    try {
      operation.run();
    } finally {
      end(process);
    }
  }

  private synchronized void end(int process) {
    ended[process] = true;
    if (running == process) {
      running = 1 - process;
      left = Integer.MAX_VALUE;
    }
    notifyAll();
  }

  private synchronized void awaitTurn(int process) {
    if (!started) {
      return;
    }
    while (running != process || left == 0) {
      if (running == process) {
        next();
      } else {
        sleep();
      }
    }
    left--;
    calls[process]++;
    if (turn == turns.length && !ended[1 - process]) {
      callsOfLastTurn++;
    }
  }

  private void next() {
    if (ended[1 - running]) {
      left = Integer.MAX_VALUE;
      return;
    }
    turn++;
    running = 1 - running;
    left = calls(turn);
    notifyAll();
  }

  private void sleep() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it waited for its turn", e);
    }
  }

  /** The number of calls that a process made. */
  synchronized int callsOf(int process) {
    return calls[process];
  }

  /** The number of calls in the last turn, while the other process had not ended. */
  synchronized int callsOfLastTurn() {
    return callsOfLastTurn;
  }

  /** The registry as one of the processes sees it. */
  Registry registry(Registry real, int process) {
    return new ForwardingRegistry(real) {
      @Override
      public Optional<Document> read(Key key) {
        awaitTurn(process);
        return super.read(key);
      }

      @Override
      public Page list(String partition, String sortPrefix, @Nullable String cursor) {
        awaitTurn(process);
        return super.list(partition, sortPrefix, cursor);
      }

      @Override
      public Outcome commit(Transaction transaction) {
        awaitTurn(process);
        return super.commit(transaction);
      }

      @Override
      public Outcome resolve(String partition, String attemptId) {
        awaitTurn(process);
        return super.resolve(partition, attemptId);
      }
    };
  }
}

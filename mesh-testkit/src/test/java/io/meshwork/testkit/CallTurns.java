package io.meshwork.testkit;

import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Lets two processes call a registry by turns: one runs until it has made a number of calls, then
 * the other, and so on; the last turn has no end. A process whose turn it is not waits before its
 * next call, so that only one runs at any time, and a schedule always has the same result. A call,
 * with all that its process does until the next one, is a step. Used once.
 */
final class CallTurns {
  private final int[] turns;
  private final List<Step> steps = new ArrayList<>();
  private final boolean[] ended = new boolean[2];
  private int turn;
  private int left;
  private int running;
  private boolean started;

  /** A call, and what its process read and wrote from then on until its next call. */
  record Step(int process, Accesses accesses) {}

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

  /** From now on calls do not wait. */
  synchronized void stop() {
    started = false;
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

  private synchronized Accesses awaitCall(int process) {
    if (!started) {
      return new Accesses();
    }
    while (running != process || left == 0) {
      if (running == process) {
        next();
      } else {
        sleep();
      }
    }
    left--;
    Step step = new Step(process, new Accesses());
    steps.add(step);
    return step.accesses();
  }

  /** What the current step of a process accesses; a process uses no file before its first call. */
  private synchronized Accesses current(int process) {
    if (!started) {
      return new Accesses();
    }
    Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
    if (last == null || last.process() != process) {
      throw new AssertionError("process " + process + " used a file outside its turn");
    }
    return last.accesses();
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

  /** The steps of both processes in the order in which they ran. */
  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The files as one of the processes sees them. */
  FileIO files(MemoryFileIO real, int process) {
    return new TracedFileIO(real, () -> current(process));
  }

  /** The registry as one of the processes sees it. */
  Registry registry(Registry real, int process) {
    return new ForwardingRegistry(real) {
      @Override
      public Optional<Document> read(Key key) {
        awaitCall(process).readRow(key);
        return super.read(key);
      }

      @Override
      public Page list(String partition, String sortPrefix, @Nullable String cursor) {
        awaitCall(process).listRows(partition, sortPrefix);
        return super.list(partition, sortPrefix, cursor);
      }

      @Override
      public Outcome commit(Transaction transaction) {
        Accesses accesses = awaitCall(process);
        Outcome outcome = super.commit(transaction);
        accesses.commit(transaction, outcome.status() == Status.COMMITTED);
        return outcome;
      }

      @Override
      public Outcome resolve(String partition, String attemptId) {
        awaitCall(process).resolve(partition, attemptId);
        return super.resolve(partition, attemptId);
      }
    };
  }
}

package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A fault of AWS at the requests of a job.
 *
 * @param call the service and the operation of the first request in a run without faults
 * @param number the number of the first request among those to its service, from 1
 * @param length how many requests to this service fail
 */
record AwsFault(Kind kind, String call, int number, int length) {
  /** More requests than a job sends. */
  private static final int REST = 400;

  /** More requests than the SDK's attempts of one call. */
  private static final int CALL = 4;

  /** What happens to a request. */
  enum Kind {
    THROTTLE(FaultRule::throttle),
    FAIL_500(FaultRule::fail500),
    LOSE_REPLY(FaultRule::loseReply),
    HANG(FaultRule::hang),
    EXPIRE_TOKEN(FaultRule::expireToken);

    private final Consumer<FaultRule> setter;

    Kind(Consumer<FaultRule> setter) {
      this.setter = setter;
    }

    /** A hanging service delays each request, so only some hang. */
    private int outage() {
      return this == HANG ? CALL : REST;
    }
  }

  /**
   * Returns all faults of a job that sends these requests: each kind, of one request and longer.
   */
  static List<AwsFault> of(List<String> calls) {
    List<AwsFault> faults = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (String call : calls) {
      int number = numbers.merge(serviceOf(call), 1, Integer::sum);
      for (Kind kind : Kind.values()) {
        faults.add(new AwsFault(kind, call, number, 1));
        faults.add(new AwsFault(kind, call, number, kind.outage()));
      }
    }
    return faults;
  }

  /**
   * Returns a part of the faults, with as many kinds and requests as the others. All parts together
   * have all faults, each once.
   *
   * @param part the number of the part, from 1
   * @param parts into how many parts they are divided
   * @throws IllegalArgumentException if the part does not exist
   */
  static List<AwsFault> part(List<AwsFault> faults, int part, int parts) {
    if (part < 1 || part > parts) {
      throw new IllegalArgumentException("part " + part + " of " + parts + " does not exist");
    }
    List<AwsFault> chosen = new ArrayList<>();
    for (int i = part - 1; i < faults.size(); i += parts) {
      chosen.add(faults.get(i));
    }
    return chosen;
  }

  /** Returns evenly spread faults, by a seed. */
  static List<AwsFault> sample(List<AwsFault> faults, int count, long seed) {
    Random random = new Random(seed);
    List<AwsFault> sample = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * faults.size() / count);
      int to = (int) ((long) (i + 1) * faults.size() / count);
      if (to > from) {
        sample.add(faults.get(from + random.nextInt(to - from)));
      }
    }
    return sample;
  }

  void setOn(AwsEmulator aws) {
    for (int i = 0; i < length; i++) {
      kind.setter.accept(aws.on(serviceOf(call), "*").nth(number + i));
    }
  }

  private static String serviceOf(String call) {
    return call.substring(0, call.indexOf(':'));
  }

  @Override
  public String toString() {
    return kind + " at request " + number + " to " + call + ", of " + length + " requests";
  }
}

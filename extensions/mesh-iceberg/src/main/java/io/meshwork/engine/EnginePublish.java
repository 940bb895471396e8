package io.meshwork.engine;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.distributed.DistributedPublish;
import io.meshwork.internal.distributed.TaskCorrection;
import io.meshwork.internal.distributed.TaskIngestion;
import io.meshwork.internal.distributed.TaskResult;
import io.meshwork.internal.distributed.TaskSettings;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A publish whose rows the tasks of an engine check and write, for connectors of engines. Each row
 * is evaluated by the rules of the contract, invalid rows are quarantined or reject the publish as
 * in a publish by {@code MeshClient}, and one transaction publishes all:
 *
 * <ol>
 *   <li>The driver creates it by {@link MeshCatalog#publish}, and sends {@link #settings} to tasks.
 *   <li>Each task adds its rows to a {@link Task}, and sends its result to the driver.
 *   <li>The driver calls {@link #commit} with one result for each part of the rows, or {@link
 *       #abort}.
 * </ol>
 *
 * <p>Not thread-safe.
 */
public final class EnginePublish {
  /** The option with the idempotency key, under which the rows are published once. */
  public static final String KEY = "meshwork.key";

  /**
   * The option with the event time before which all rows are published, such as {@code
   * 2026-11-28T00:00:00Z}.
   */
  public static final String COMPLETE_UP_TO = "meshwork.complete-up-to";

  /** The option with the time limit of the publish, such as {@code PT2H}; 20 hours without it. */
  public static final String TIMEOUT = "meshwork.timeout";

  /**
   * The option for rows that replace others: {@code partitions} for the rows of the partitions that
   * have new rows, or {@code all}. Rows are added without it.
   */
  public static final String REPLACE = "meshwork.replace";

  /** The option with the filter of the rows to replace, such as {@code day = DATE '2026-11-28'}. */
  public static final String REPLACE_WHERE = "meshwork.replace-where";

  /** The option that is {@code true} if no rows may replace others, which deletes them. */
  public static final String ALLOW_EMPTY = "meshwork.allow-empty";

  /**
   * The option by which a connector has the engine bring the rows of a partition to few tasks:
   * {@code partitions}; by {@code none} rows stay in their tasks, as without it.
   */
  public static final String DISTRIBUTION = "meshwork.distribution";

  /** The option that is {@code true} to publish to the major version of the table alone. */
  public static final String ONLY_THIS_VERSION = "meshwork.only-this-version";

  /** The option with the reason for this, which the receipt and the log contain. */
  public static final String BECAUSE = "meshwork.because";

  /**
   * The option with a policy for rows that break the contract, if it is stricter than the
   * contract's: {@code reject}.
   */
  public static final String ON_VIOLATION = "meshwork.on-violation";

  /**
   * The option with the snapshots that the rows were made from, separated by commas: each as
   * product, contract version, and snapshot, and pairs of the product's column and the input's,
   * such as {@code commerce/orders 1.0.0 5077243894170238912 total=amount}.
   */
  public static final String DERIVED_FROM = "meshwork.derived-from";

  private static final String FORM_OF_INPUTS =
      "Write each input as commerce/orders 1.0.0 5077243894170238912 total=amount, with its contract"
          + " version and snapshot, and the pairs of columns if you state them; separate inputs by"
          + " commas.";

  /** Less than the time after which maintenance takes the files of a publish for leftovers. */
  private static final Duration MOST_TIME = Duration.ofHours(20);

  private static final List<String> OPTIONS =
      List.of(
          KEY,
          COMPLETE_UP_TO,
          TIMEOUT,
          REPLACE,
          REPLACE_WHERE,
          ALLOW_EMPTY,
          ONLY_THIS_VERSION,
          BECAUSE,
          ON_VIOLATION,
          DERIVED_FROM,
          DISTRIBUTION);

  private final DistributedPublish publish;

  private final MeshAction action;

  private EnginePublish(DistributedPublish publish, MeshAction action) {
    this.publish = publish;
    this.action = action;
  }

  static EnginePublish of(
      ClientSession session,
      TableName table,
      Map<String, String> callerOptions,
      Additions additions) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, table.product());
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(callerOptions);
    TreeSet<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeIf(option -> OPTIONS.stream().anyMatch(option::equalsIgnoreCase));
    if (!unknown.isEmpty()) {
      throw Failure.of(action)
          .because("the option " + unknown.first() + " is unknown")
          .state("Nothing was published.")
          .fix(
              "Use one of "
                  + String.join(", ", OPTIONS)
                  + "; none of Iceberg applies to a publish.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String distribution = options.getOrDefault(DISTRIBUTION, "none");
    if (!Set.of("partitions", "none").contains(distribution)) {
      throw refused(DISTRIBUTION, distribution, "Set it to partitions or none.", action);
    }
    try {
      Duration timeout =
          checkedOption(
              options, TIMEOUT, text -> ArgumentChecks.span(TIMEOUT, limit(text, action)));
      PublishOptions publish =
          new PublishOptions()
              .major(table.major())
              .key(checkedOption(options, KEY, EnginePublish::key))
              .completeUpTo(checkedOption(options, COMPLETE_UP_TO, text -> time(text, action)))
              .timeout(timeout == null ? MOST_TIME : timeout)
              .allowEmpty(flag(options, ALLOW_EMPTY, action))
              .mode(mode(options, action));
      only(options, publish, action);
      add(additions.options, publish, action);
      publish.policy(checkedOption(options, ON_VIOLATION, text -> policy(text, action)));
      List<PublishReceipt.Input> inputs =
          checkedOption(options, DERIVED_FROM, text -> inputs(text, action));
      if (inputs != null) {
        inputs.forEach(publish::derivedFrom);
      }
      additions.options.inputs().forEach(publish::derivedFrom);
      if (options.containsKey(REPLACE_WHERE)) {
        publish.filter(GivenFilter.of(REPLACE_WHERE, options.get(REPLACE_WHERE)));
      }
      return new EnginePublish(new DistributedPublish(session, table.product(), publish), action);
    } catch (BackendException e) {
      throw late(e, action);
    }
  }

  /** Returns the value of an option, which is checked as in the SDK; null if it is not set. */
  private static <T> @Nullable T checkedOption(
      Map<String, String> options, String option, Function<String, T> checked) {
    String text = options.get(option);
    return text == null ? null : checked.apply(text);
  }

  private static Duration limit(String text, MeshAction action) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw refused(TIMEOUT, text, "Write a limit such as PT2H.", action);
    }
  }

  private static Instant time(String text, MeshAction action) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw refused(COMPLETE_UP_TO, text, "Write a time such as 2026-11-28T00:00:00Z.", action);
    }
  }

  private static String key(String text) {
    return ArgumentChecks.shortText(KEY, text, "Set a key, such as the ID of a scheduled run.");
  }

  private static OnViolation policy(String text, MeshAction action) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "reject" -> OnViolation.REJECT;
      case "quarantine" -> OnViolation.QUARANTINE;
      default -> throw refused(ON_VIOLATION, text, "Set it to reject or quarantine.", action);
    };
  }

  private static List<PublishReceipt.Input> inputs(String text, MeshAction action) {
    List<PublishReceipt.Input> inputs = new ArrayList<>();
    for (String input : text.split(",", -1)) {
      List<String> words = List.of(input.strip().split("\\s+", -1));
      if (words.size() < 3) {
        throw refused(DERIVED_FROM, text, FORM_OF_INPUTS, action);
      }
      inputs.add(
          new PublishReceipt.Input(
              ProductName.of(words.get(0)),
              ContractVersion.parse(words.get(1)),
              words.get(2),
              words.subList(3, words.size())));
    }
    return inputs;
  }

  private static void only(Map<String, String> options, PublishOptions publish, MeshAction action) {
    boolean only = flag(options, ONLY_THIS_VERSION, action);
    String because = checkedOption(options, BECAUSE, text -> ArgumentChecks.text(BECAUSE, text));
    if (only && because == null) {
      throw Failure.of(action)
          .because("a publish to one major version alone needs a reason")
          .state("Nothing was published.")
          .fix("Set " + BECAUSE + "; the receipt and the log contain it.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    publish.only(only).reason(because);
  }

  /** Adds the code of a program, which is sent to tasks. */
  private static void add(PublishOptions additions, PublishOptions publish, MeshAction action) {
    for (PublishOptions.AlsoTo also : additions.alsoTo()) {
      requireSerializable("mapping to major version " + also.major(), also.mapping(), action);
      publish.alsoTo(also.major(), also.mapping(), also.rows());
    }
    additions
        .code()
        .forEach(
            (name, code) -> {
              requireSerializable(
                  "code '" + NameGrammar.quoted(name.name()) + "' version " + name.version(),
                  code,
                  action);
              publish.customRule(name.name(), name.version(), code);
            });
  }

  private static void requireSerializable(String what, Object code, MeshAction action) {
    try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      out.writeObject(code);
    } catch (IOException e) {
      throw Failure.of(action)
          .because("the " + what + " cannot be sent to tasks: " + e)
          .state("Nothing was published.")
          .fix("Use only serializable values in it.")
          .cause(e)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /**
   * Returns a row of another major version for a row, or null if there is none, which is a bad row.
   * A column without an entry is null. Called in tasks, to which it is sent.
   */
  @FunctionalInterface
  public interface RowMapping
      extends Function<Map<String, @Nullable Object>, @Nullable Map<String, ?>>, Serializable {}

  /** The code of a custom rule, which returns true for a valid row. Called in tasks. */
  @FunctionalInterface
  public interface RowCheck extends Predicate<Map<String, @Nullable Object>>, Serializable {}

  /** What a program states in addition to the options of a publish. Not thread-safe. */
  public static final class Additions {
    private final PublishOptions options = new PublishOptions();

    /** Creates none. */
    public Additions() {}

    /**
     * Maps the rows to another major version of a rollout.
     *
     * @param number the other major version
     * @param mapping is sent to tasks
     * @throws InvalidRequestException if it was named before
     */
    public Additions alsoTo(int number, RowMapping mapping) {
      return add(number, mapping, null);
    }

    /**
     * Maps the rows to another major version, in which the filter of {@link #REPLACE_WHERE} has
     * other columns or values.
     *
     * @param number the other major version
     * @param mapping is sent to tasks
     * @param filter selects the same rows as the option
     * @throws InvalidRequestException if it was named before
     */
    public Additions alsoTo(int number, RowMapping mapping, String filter) {
      return add(number, mapping, ArgumentChecks.filter("rows", filter));
    }

    @SuppressWarnings("unchecked") // tasks add rows that are maps
    private Additions add(int number, RowMapping mapping, @Nullable String filter) {
      ArgumentChecks.required("mapping", mapping);
      options.alsoTo(
          number,
          (Function<Object, ?> & Serializable)
              row -> mapping.apply((Map<String, @Nullable Object>) row),
          filter);
      return this;
    }

    /**
     * Records an input of the rows, as {@link #DERIVED_FROM}.
     *
     * @param input the snapshot that was read
     * @param columns pairs of the product's column and the input's, such as {@code total=amount}
     */
    public Additions derivedFrom(Snapshot input, String... columns) {
      options.derivedFrom(input, columns);
      return this;
    }

    /**
     * Provides the code of a rule {@code custom(name, version)}. If the code throws, the rule is
     * not evaluated. The contract can lack such a version of the rule, but not the rule.
     *
     * @param name the rule's name
     * @param version the rule's version
     * @param check gets each row that the rule checks as a map with the classes of {@code
     *     asMaps()}; is sent to tasks
     */
    public Additions customRule(String name, int version, RowCheck check) {
      options.customRule(name, version, new RuleCode.OnMaps(check));
      return this;
    }

    /** Returns true if there are mappings. */
    public boolean hasMappings() {
      return !options.alsoTo().isEmpty();
    }
  }

  private static PublishMode mode(Map<String, String> options, MeshAction action) {
    String replace = options.get(REPLACE);
    if (options.containsKey(REPLACE_WHERE)) {
      if (replace != null) {
        throw Failure.of(action)
            .because(REPLACE + " and " + REPLACE_WHERE + " contradict each other")
            .state("Nothing was published.")
            .fix("Set one of them.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      return PublishMode.REPLACE_WHERE;
    } else if (replace == null) {
      return PublishMode.APPEND;
    }
    return switch (replace) {
      case "partitions" -> PublishMode.REPLACE_PARTITIONS;
      case "all" -> PublishMode.REPLACE_ALL;
      default ->
          throw refused(
              REPLACE,
              replace,
              "Set it to partitions or all, or set " + REPLACE_WHERE + " to a filter.",
              action);
    };
  }

  /** Values other than true would otherwise count as false. */
  private static boolean flag(Map<String, String> options, String option, MeshAction action) {
    String value = options.getOrDefault(option, "false");
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw refused(option, value, "Set it to true or false.", action);
    }
    return Boolean.parseBoolean(value);
  }

  private static InvalidRequestException refused(
      String option, String value, String fix, MeshAction action) {
    return Failure.of(action)
        .because("option " + option + " is '" + value + "'")
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Returns the receipt of an earlier publish under the same key; then no task is needed. */
  public Optional<PublishReceipt> earlier() {
    return publish.earlier();
  }

  /**
   * Returns what tasks need, for {@link #task}.
   *
   * @throws IllegalStateException if there is an {@link #earlier} publish
   */
  public Serializable settings() {
    return publish.settings();
  }

  /**
   * Publishes what tasks wrote; called once. Rules that compare rows of several tasks are evaluated
   * here, such as uniqueness. If this fails, the files of the tasks are deleted, except if the
   * outcome is unknown.
   *
   * @param results what {@link Task#finish} returned, of one task for each part of the rows
   * @param runner runs further tasks, if rows of several tasks break a rule together
   * @return the receipt, also if another driver published first under the same key
   * @throws IllegalStateException if it was called before
   * @throws io.meshwork.error.ContractViolationException if the rows break the contract
   * @throws io.meshwork.error.ConflictException if the contract or its rollout changed since the
   *     tasks started; run the job again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer was lost; run the job again
   *     with the same key
   */
  public PublishReceipt commit(List<? extends Serializable> results, TaskRunner runner) {
    try {
      return publish.commit(
          results.stream().map(TaskResult.class::cast).toList(),
          corrections -> runner.run(corrections).stream().map(TaskResult.class::cast).toList());
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.EMPTY_REPLACE) {
        throw e;
      }
      throw Failure.of(action)
          .because(e.reason())
          .state("Nothing was published.")
          .fix("Check why there are no rows, or set " + ALLOW_EMPTY + " to true.")
          .cause(e)
          .invalidRequest(ErrorCode.EMPTY_REPLACE);
    } catch (OutcomeUnknownException e) {
      throw Failure.of(action)
          .because(e.reason())
          .state("The commit may have succeeded; nothing was deleted.")
          .fix(
              "Run the job again with "
                  + KEY
                  + " '"
                  + e.idempotencyKey()
                  + "', under which the rows are published once; do not use another key.")
          .cause(e)
          .outcomeUnknown(e.idempotencyKey());
    } catch (BackendException e) {
      throw late(e, action);
    }
  }

  /** The failure, which names the option if a deadline passed. */
  private static BackendException late(BackendException e, MeshAction action) {
    return e.errorCode() != ErrorCode.DEADLINE_PASSED
        ? e
        : Failure.of(action)
            .because(e.reason())
            .state("Nothing was published.")
            .fix("Set a longer " + TIMEOUT + ", or run the job again.")
            .cause(e)
            .passing(ErrorCode.DEADLINE_PASSED);
  }

  /** Runs tasks of an engine. */
  @FunctionalInterface
  public interface TaskRunner {
    /**
     * Runs a task for each piece of work, by {@link EnginePublish#run}.
     *
     * @return a result of each
     */
    List<? extends Serializable> run(List<? extends Serializable> work);
  }

  /**
   * Does the work of a task that quarantines rows which an earlier task published: another task has
   * a row with their key, or there are more than a rule tolerates.
   *
   * @param attempt a number that no other attempt of any task of this publish has
   * @throws io.meshwork.error.MeshException if a file cannot be read or written
   */
  public static Serializable run(Serializable work, long attempt) {
    return ((TaskCorrection) work).run(attempt);
  }

  /**
   * Deletes the files of tasks that are not to be committed. Logs failures; maintenance deletes the
   * remaining files. Does nothing after {@link #commit}, whose files may belong to the table.
   */
  public void abort(List<? extends Serializable> results) {
    publish.abort(results.stream().map(TaskResult.class::cast).toList());
  }

  /**
   * Starts a task.
   *
   * @param settings what {@link #settings} returned
   * @param partition the number of its part of the rows, from 0 to 999,999
   * @param attempt a number that no other attempt of any task of this publish has
   */
  public static Task task(Serializable settings, int partition, long attempt) {
    TaskSettings shared = (TaskSettings) settings;
    MeshAction action = MeshAction.of(Verb.PUBLISH, shared.product());
    TaskIngestion ingestion = new TaskIngestion(shared, partition, attempt);
    return new Task() {
      @Override
      public void add(Map<String, ? extends @Nullable Object> row) {
        try {
          ingestion.add(row);
        } catch (BackendException e) {
          throw late(e, action);
        }
      }

      @Override
      public Serializable finish() {
        try {
          return ingestion.finish();
        } catch (BackendException e) {
          throw late(e, action);
        }
      }

      @Override
      public void close() {
        ingestion.close();
      }
    };
  }

  /** The rows of one task. Not thread-safe. */
  public interface Task extends AutoCloseable {
    /**
     * Adds a row.
     *
     * @param row the values by column, which must not change afterwards; a nested record is a map,
     *     too, and values have the types that {@code MeshClient.publish} takes from maps
     * @throws io.meshwork.error.MeshException if a file cannot be written, or the publish takes too
     *     long
     */
    void add(Map<String, ? extends @Nullable Object> row);

    /**
     * Completes the files.
     *
     * @return the result for the driver
     * @throws io.meshwork.error.MeshException as {@link #add}
     */
    Serializable finish();

    /** Deletes the files unless {@link #finish} returned. */
    @Override
    void close();
  }
}

package io.meshwork.walk;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.error.MeshException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls each public method of a client, of its operations, and of what they return, found by
 * reflection. For one thread.
 */
final class DoorWalk {
  private static final int DEPTH = 3;
  private static final int TENTH = 10;

  /** Settings without which an operation is refused before it decides. */
  private static final Set<String> REQUIRED =
      Set.of(
          "to",
          "because",
          "executors",
          "forAnyConsumer",
          "name",
          "purpose",
          "owner",
          "text",
          "contract",
          "records",
          "database",
          "catalog",
          "set",
          "toStart",
          "rollout",
          "Erase.where");

  /** Settings of which an operation takes one. */
  private static final List<Set<String>> ALTERNATIVES =
      List.of(
          Set.of("records", "files", "batches", "resultSet", "republish"),
          Set.of("replaceAll", "replacePartitions", "replaceWhere"),
          Set.of("where", "whereIn", "quarantineWhere"),
          Set.of("to", "toAccounts", "toAllRoles", "toMesh"),
          Set.of("toStart", "toNow", "toTime", "toSnapshot"),
          Set.of(
              "fromStart",
              "fromNow",
              "fromTime",
              "fromSnapshot",
              "currentMajorVersion",
              "followRollouts"),
          Set.of("snapshot", "asOf"),
          Set.of("contract", "change"),
          Set.of("executors", "executorAccounts"),
          Set.of("columns", "exceptColumns"),
          Set.of("rollout", "version"),
          Set.of("location", "administrators", "deciders", "accounts"));

  /** Methods that end an operation, in the order in which they are called. */
  private static final Set<String> ENDS =
      Set.of("plan", "commit", "read", "rows", "list", "results", "graph", "stage", "run", "open");

  private final DoorArguments arguments;
  private final Set<String> doors = new TreeSet<>();
  private final Set<String> uncallable = new TreeSet<>();
  private final Set<String> faults = new TreeSet<>();
  private final List<Answer> answers = new ArrayList<>();
  private final DoorOutcomes outcomes = new DoorOutcomes();

  DoorWalk(DoorArguments arguments) {
    this.arguments = arguments;
  }

  /** What a door answered. */
  record Answer(String door, String text) {
    @Override
    public String toString() {
      return door + " answers " + text;
    }
  }

  /** Creates an object for each call. */
  @FunctionalInterface
  interface Source {
    @Nullable Object create() throws InvocationTargetException;
  }

  Set<String> doors() {
    return doors;
  }

  /** Returns the doors for which there are no arguments. */
  Set<String> uncallable() {
    return uncallable;
  }

  void addFault(String fault) {
    faults.add(fault);
  }

  /** Returns exceptions that the API does not declare, and what was accepted and may not be. */
  Set<String> faults() {
    return faults;
  }

  /** Returns how the doors replied. */
  DoorOutcomes outcomes() {
    return outcomes;
  }

  List<Answer> answers() {
    return answers;
  }

  void walk(MeshClient client) {
    walk("", MeshClient.class, () -> client, 0);
  }

  void walk(Subscription<?> open) {
    walk("open.", Subscription.class, () -> open, 0);
  }

  /**
   * Asks a door that is not of a client.
   *
   * @param about what tells its calls apart
   */
  void ask(String door, String about, Source source) {
    doors.add(door);
    record(door, door + "[" + about + "]", source);
  }

  void add(String door, String text) {
    answers.add(new Answer(AnswerText.normalized(door), AnswerText.normalized(text)));
  }

  private void walk(String path, Class<?> type, Source source, int depth) {
    for (Method method : methods(type)) {
      String door = nameOf(type, method);
      if (Arrays.stream(method.getParameterTypes())
          .anyMatch(DoorArguments::takesWhatStrangersLack)) {
        continue;
      }
      doors.add(door);
      Optional<List<@Nullable Object[]>> all = arguments.of(path + door, method);
      if (all.isEmpty()) {
        uncallable.add(door);
        continue;
      }
      for (@Nullable Object[] each : all.get()) {
        call(path, type, source, method, each, depth);
      }
    }
  }

  private void call(
      String path,
      Class<?> type,
      Source source,
      Method method,
      @Nullable Object[] values,
      int depth) {
    String door = path + method.getName() + AnswerText.arguments(values);
    boolean isSetting = isOperation(type) && method.getReturnType().isAssignableFrom(type);
    Source result =
        () ->
            invoke(
                method,
                isOperation(type) ? set(type, source, path, method.getName()) : source.create(),
                values);
    if (isSetting) {
      Optional<Method> end = end(type, door);
      if (end.isPresent()) {
        Source ended =
            () -> {
              @Nullable Object operation = result.create();
              return type.isInstance(operation) ? invoke(end.get(), operation) : operation;
            };
        record(nameOf(type, method), door + "." + end.get().getName(), ended);
      }
      return;
    }
    Optional<Object> recorded = record(nameOf(type, method), door, result);
    Class<?> returned = method.getReturnType();
    if (recorded.isEmpty() || depth >= DEPTH) {
      return;
    } else if (isDoor(returned)) {
      Object value = recorded.get();
      boolean isUsedUp = isOperation(returned) || value instanceof Iterable;
      walk(door + ".", returned, isUsedUp ? result : () -> value, depth + 1);
    } else if (recorded.get() instanceof Collection<?> elements && !elements.isEmpty()) {
      first(elements)
          .ifPresent(
              first ->
                  publicType(first)
                      .ifPresent(each -> walk(door + "[0].", each, () -> first, depth + 1)));
    }
  }

  /** The first element by its answer; empty if several answer alike, whose order is by chance. */
  private static Optional<Object> first(Collection<?> elements) {
    TreeMap<String, List<Object>> byAnswer = new TreeMap<>();
    elements.forEach(
        each -> byAnswer.computeIfAbsent(AnswerText.of(each), any -> new ArrayList<>()).add(each));
    List<Object> least = byAnswer.firstEntry().getValue();
    return least.size() == 1 ? Optional.of(least.get(0)) : Optional.empty();
  }

  /** Applies the required settings, and some of the others, except alternatives of one. */
  private @Nullable Object set(Class<?> type, Source source, String path, String required)
      throws InvocationTargetException {
    @Nullable Object operation = source.create();
    Set<String> applied = new TreeSet<>(Set.of(required));
    for (Method method : methods(type)) {
      String door = path + "set." + method.getName() + parameters(method);
      if (method.getReturnType().isAssignableFrom(type) && isChosen(door, method, applied)) {
        Optional<List<@Nullable Object[]>> all = arguments.of(door, method);
        if (all.isPresent()) {
          @Nullable Object setTo = invoke(method, operation, all.get().get(0));
          operation = type.isInstance(setTo) ? setTo : operation;
          applied.add(method.getName());
        }
      }
    }
    return operation;
  }

  private boolean isChosen(String door, Method method, Set<String> applied) {
    String name = method.getName();
    List<Set<String>> alternatives =
        ALTERNATIVES.stream().filter(each -> each.contains(name)).toList();
    return !applied.contains(name)
        && alternatives.stream().noneMatch(each -> applied.stream().anyMatch(each::contains))
        && (REQUIRED.contains(name)
            || REQUIRED.contains(method.getDeclaringClass().getSimpleName() + "." + name)
            || (alternatives.isEmpty() && arguments.random(door).nextInt(TENTH) == 0));
  }

  private Optional<Method> end(Class<?> type, String door) {
    List<Method> ends =
        methods(type).stream()
            .filter(method -> method.getParameterCount() == 0 && ENDS.contains(method.getName()))
            .toList();
    return ends.isEmpty()
        ? Optional.empty()
        : Optional.of(ends.get(arguments.random(door).nextInt(ends.size())));
  }

  private Optional<Object> record(String name, String door, Source source) {
    try {
      Object value = source.create();
      outcomes.answered(name);
      answers.add(new Answer(AnswerText.normalized(door), AnswerText.of(value)));
      return Optional.ofNullable(value);
    } catch (InvocationTargetException e) {
      refused(name, door, Objects.requireNonNull(e.getCause()));
      return Optional.empty();
    }
  }

  private void refused(String name, String door, Throwable refusal) {
    answers.add(new Answer(AnswerText.normalized(door), AnswerText.of(refusal)));
    outcomes.refused(name, refusal);
    if (!(refusal instanceof MeshException
        || refusal instanceof NullPointerException
        || refusal instanceof ClassCastException)) { // a row of another type, as no caller has
      addFault(AnswerText.normalized(door + " throws " + refusal));
    }
  }

  static @Nullable Object invoke(Method method, @Nullable Object on, @Nullable Object... values)
      throws InvocationTargetException {
    try {
      method.setAccessible(true);
      return method.invoke(on, values);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " cannot be called", e);
    }
  }

  /** The public methods, in an order that does not change. */
  static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .sorted(
            Comparator.comparing(DoorWalk::isEnd)
                .thenComparing(Method::getName)
                .thenComparing(DoorWalk::parameters))
        .toList();
  }

  private static boolean isEnd(Method method) {
    return method.getName().equals("commit");
  }

  private static String nameOf(Class<?> type, Method method) {
    return type.getSimpleName() + "." + method.getName() + parameters(method);
  }

  private static String parameters(Method method) {
    return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList().toString();
  }

  /** True for a public interface of the API. */
  static boolean isDoor(Class<?> type) {
    return type.isInterface()
        && type.getName().startsWith("io.meshwork.")
        && !type.getName().contains(".internal.");
  }

  /** True for what is set first and then carried out. */
  static boolean isOperation(Class<?> type) {
    return isDoor(type)
        && methods(type).stream()
            .anyMatch(method -> method.getParameterCount() == 0 && ENDS.contains(method.getName()))
        && methods(type).stream().anyMatch(method -> method.getReturnType().isAssignableFrom(type));
  }

  private static Optional<Class<?>> publicType(@Nullable Object value) {
    return value == null
        ? Optional.empty()
        : Arrays.stream(value.getClass().getInterfaces())
            .<Class<?>>map(each -> each)
            .filter(DoorWalk::isDoor)
            .findFirst();
  }
}

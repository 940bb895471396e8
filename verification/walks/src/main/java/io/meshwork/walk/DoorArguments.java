package io.meshwork.walk;

import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Arguments of doors by the names and types of their parameters, chosen by a seed. */
final class DoorArguments {
  private static final String SNAPSHOT = "snapshot";
  private static final String SUGGESTION = "suggestion";
  private static final int PRODUCTS_OF_A_DOOR = 3;

  private static final List<String> FILTERS =
      List.of("id > 0", "id > 0", "card = 'x'", "ssn = 'x'", "email = 'x'", "absent = 'x'");

  private static final List<String> COLUMNS =
      List.of("id", "id", "country", "card", "ssn", "email", "absent");

  private static final List<String> CONSUMERS =
      List.of("own", "takeover-one", "takeover-two", "idle-one", "absent");

  private static final List<String> DOMAINS = List.of("shop", "rival", "fin", "absent");

  private static final List<String> ACCOUNTS = List.of("fin", "rec", "other");

  /** Values of texts by the type and name of the door, or by the name of the parameter. */
  private static final Map<String, List<String>> TEXTS =
      Map.ofEntries(
          Map.entry("filter", FILTERS),
          Map.entry("Read.where", FILTERS),
          Map.entry("Subscribe.where", FILTERS),
          Map.entry("columns", COLUMNS),
          Map.entry("column", COLUMNS),
          Map.entry("names", COLUMNS),
          Map.entry("old", COLUMNS),
          Map.entry("RegisterDomain.accounts", List.of("fresh", "shop", "rival")),
          Map.entry("MeshClient.registerDomain", List.of("fresh", "rival")),
          Map.entry("domain", DOMAINS),
          Map.entry("account", ACCOUNTS),
          Map.entry("accounts", ACCOUNTS),
          Map.entry("subscription", CONSUMERS),
          Map.entry("Subscribe.named", List.of("own", "new")),
          Map.entry("consumer", List.of("rival/takeover-one", "rival/idle-two", "fin/own")),
          Map.entry("log", List.of("_mesh", ShopProducts.ORDERS, "shop")),
          Map.entry("key", List.of("topic", "first")),
          Map.entry("value", List.of("shop")),
          Map.entry("idempotencyKey", List.of("first")),
          Map.entry("kinds", List.of("grant.made", "product.published", "mesh.format-changed")),
          Map.entry("database", List.of("links", "rival_links")),
          Map.entry("table", List.of("orders", "link_one")),
          Map.entry("place", List.of("mesh:/folder")),
          Map.entry("location", List.of("mesh:/folder")),
          Map.entry("digest", List.of("0".repeat(64))),
          Map.entry("catalog", List.of("central")),
          Map.entry("MeshClient.search", List.of("orders", "secret", "ssn", "one", "two")));

  /** Kinds of known IDs by the type and name of the door. */
  private static final Map<String, String> IDS =
      Map.ofEntries(
          Map.entry("Read.snapshot", SNAPSHOT),
          Map.entry("Subscribe.fromSnapshot", SNAPSHOT),
          Map.entry("Subscription.seekToSnapshot", SNAPSHOT),
          Map.entry("RollBack.to", SNAPSHOT),
          Map.entry("MeshClient.revoke", "grant"),
          Map.entry("AccessClient.withdrawAuthorization", "authorization"),
          Map.entry("SuggestionClient.accept", SUGGESTION),
          Map.entry("SuggestionClient.decline", SUGGESTION),
          Map.entry("SuggestionClient.withdraw", SUGGESTION),
          Map.entry("StartRollout.suggestions", SUGGESTION));

  /** Values by type. */
  private static final Map<Class<?>, List<?>> VALUES =
      Map.ofEntries(
          Map.entry(int.class, List.of(1, 2, 3)),
          Map.entry(long.class, List.of(1L, 10L)),
          Map.entry(double.class, List.of(1.0)),
          Map.entry(boolean.class, List.of(true, false)),
          Map.entry(ProductName.class, List.of(ProductName.of(ShopProducts.ORDERS))),
          Map.entry(Principal.class, World.STRANGERS),
          Map.entry(Permission.class, List.of(Permission.SELECT, Permission.DESCRIBE)),
          Map.entry(
              Instant.class,
              List.of(
                  Instant.parse("2026-05-01T00:00:00Z"), Instant.parse("2026-07-01T00:00:00Z"))),
          Map.entry(LocalDate.class, List.of(LocalDate.parse("2026-07-01"))),
          Map.entry(Duration.class, List.of(Duration.ofSeconds(1))),
          Map.entry(Period.class, List.of(Period.ofDays(30))),
          Map.entry(
              Class.class,
              List.of(
                  ShopProducts.Row.class, ShopProducts.PaidOrder.class, ShopProducts.Person.class)),
          Map.entry(Path.class, List.of(Path.of("absent.parquet"))),
          Map.entry(
              Contract.class,
              List.of(
                  Contract.of(ShopProducts.SecondMajors.Person.class),
                  Contract.of(ShopProducts.PaidOrder.class))),
          Map.entry(ContractVersion.class, List.of(ContractVersion.parse("1.0.0"))),
          Map.entry(TagSelection.class, List.of(TagSelection.where("domain", "shop"))),
          Map.entry(Partition.class, List.of(Partition.identity("country"))),
          Map.entry(Iterable.class, List.of(List.of())),
          Map.entry(List.class, List.of(List.of())),
          Map.entry(Collection.class, List.of(List.of())),
          Map.entry(Object.class, List.of(new ShopProducts.Person(3, "c"))),
          Map.entry(Publish.FileFormat.class, List.of(Publish.FileFormat.jsonLines())),
          Map.entry(Iterator.class, List.of(Collections.emptyIterator())),
          Map.entry(
              org.apache.avro.Schema.class, List.of(Contract.of(ShopProducts.Row.class).schema())));

  /** Interfaces of which an object that answers nothing is an argument. */
  private static final List<String> ANSWERING_NOTHING =
      List.of("Progress", "PrivateKey", "PublicKey", "Appendable", "ResultSet", "Stream");

  private final long seed;
  private final Principal principal;
  private final KnownObjects objects;

  DoorArguments(long seed, Principal principal, KnownObjects objects) {
    this.seed = seed;
    this.principal = principal;
    this.objects = objects;
  }

  /** Returns the doors that take a signed value or a key, which no stranger has. */
  static boolean takesWhatStrangersLack(Class<?> type) {
    return type.getSimpleName().equals("Checkpoint") || type.getSimpleName().equals("Snapshot");
  }

  /** Returns a source of choices for a door, the same in both worlds. */
  Random random(String door) {
    return new Random(seed ^ AnswerText.normalized(door).hashCode());
  }

  /**
   * Returns lists of arguments, one with each of some products if the first parameter is one.
   *
   * @return empty if the table has none for a parameter
   */
  Optional<List<@Nullable Object[]>> of(String door, Method method) {
    Random random = random(door);
    Parameter[] parameters = method.getParameters();
    List<String> first =
        parameters.length > 0 && parameters[0].getType() == CharSequence.class
            ? resources(parameters[0].getName(), random)
            : List.of("");
    List<@Nullable Object[]> all = new ArrayList<>();
    for (String each : first) {
      @Nullable Object[] arguments = new Object[parameters.length];
      for (int i = 0; i < parameters.length; i++) {
        Optional<Object> value =
            i == 0 && !each.isEmpty()
                ? Optional.of(each)
                : value(method, parameters[i].getName(), parameters[i].getType(), random);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        arguments[i] = value.get();
      }
      all.add(arguments);
    }
    return Optional.of(all);
  }

  /** Some names of products, in an order by chance; also of others that a parameter can name. */
  private List<String> resources(String parameter, Random random) {
    if (parameter.equals("link")) {
      return List.of(principal.account() + "_links.open", "rival_links.link_one");
    }
    List<String> all = new ArrayList<>(ShopProducts.ALL);
    if (!principal.equals(World.OUTSIDER)) {
      all.add(OwnProducts.product(principal));
    }
    if (parameter.equals("productOrDomain")) {
      all.addAll(List.of("shop", "_mesh", principal.account()));
    }
    Collections.shuffle(all, random);
    return all.subList(0, PRODUCTS_OF_A_DOOR);
  }

  private List<String> texts(Method method, String parameter) {
    String door = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    if (IDS.containsKey(door)) {
      return objects.ids(IDS.get(door));
    } else if (parameter.equals("id")) {
      return objects.ids("request");
    }
    return TEXTS.getOrDefault(door, TEXTS.getOrDefault(parameter, List.of("some")));
  }

  private Optional<Object> value(Method method, String name, Class<?> type, Random random) {
    if (type.isArray()) {
      return value(method, name, type.getComponentType(), random)
          .map(
              element -> {
                Object array = Array.newInstance(type.getComponentType(), 1);
                Array.set(array, 0, element);
                return array;
              });
    } else if (type == String.class) {
      return Optional.of(one(texts(method, name), random));
    } else if (type == CharSequence.class) {
      return Optional.of(one(ShopProducts.ALL, random));
    } else if (type == Principal.class && random.nextBoolean()) {
      return Optional.of(principal); // an account passes on to its own roles only
    } else if (!objects.objects(type).isEmpty()) {
      return Optional.of(one(objects.objects(type), random));
    } else if (VALUES.containsKey(type)) {
      return Optional.of(one(VALUES.get(type), random));
    } else if (type.isEnum()) {
      return Optional.of(one(List.of(type.getEnumConstants()), random));
    } else if (type.isAssignableFrom(ByteArrayOutputStream.class) && type != Object.class) {
      return Optional.of(OutputStream.nullOutputStream());
    } else if (isAnsweredWithNothing(type)) {
      return Optional.of(nothing(type));
    } else if (type.getName().startsWith("java.util.function.")) {
      return Optional.of(function(type));
    }
    return Optional.empty();
  }

  private static boolean isAnsweredWithNothing(Class<?> type) {
    return type.isInterface()
        && (ANSWERING_NOTHING.contains(type.getSimpleName()) || DoorWalk.isDoor(type));
  }

  private static Object function(Class<?> type) {
    return Proxy.newProxyInstance(
        type.getClassLoader() == null
            ? DoorArguments.class.getClassLoader()
            : type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, called, values) ->
            values == null || values.length == 0 || called.getReturnType() == boolean.class
                ? (called.getReturnType() == boolean.class ? (Object) true : null)
                : values[0]);
  }

  private static Object nothing(Class<?> type) {
    return Proxy.newProxyInstance(
        DoorArguments.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, called, values) -> {
          Class<?> returned = called.getReturnType();
          if (called.getName().equals("toString")) {
            return type.getSimpleName();
          } else if (returned == Optional.class) {
            return Optional.empty();
          } else if (returned == List.class) {
            return List.of();
          } else if (returned == boolean.class) {
            return false;
          } else if (returned == int.class) {
            return 0;
          } else if (returned == long.class) {
            return 0L;
          }
          return returned == String.class ? "some" : null;
        });
  }

  private static <T> T one(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}

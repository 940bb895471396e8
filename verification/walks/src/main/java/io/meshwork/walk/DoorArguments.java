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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Arguments of doors by the names and types of their parameters, chosen by a seed. */
final class DoorArguments {
  private static final List<String> PRODUCTS =
      List.of(World.ORDERS, World.PEOPLE, World.ENDING, World.OPEN);

  private static final List<String> FILTERS =
      List.of("id > 0", "card = 'x'", "ssn = 'x'", "email = 'x'", "absent = 'x'");

  private static final List<String> COLUMNS =
      List.of("id", "country", "card", "ssn", "email", "absent");

  /** Values of texts by the name of the parameter. */
  private static final Map<String, List<String>> TEXTS =
      Map.ofEntries(
          Map.entry("filter", FILTERS),
          Map.entry("where", FILTERS),
          Map.entry("condition", FILTERS),
          Map.entry("columns", COLUMNS),
          Map.entry("column", COLUMNS),
          Map.entry("names", COLUMNS),
          Map.entry("old", COLUMNS),
          Map.entry("domain", List.of("shop", "rival", "fin", "absent")),
          Map.entry("account", List.of("fin", "rec", "other")),
          Map.entry("accounts", List.of("fin", "rec", "other")),
          Map.entry("productOrDomain", List.of(World.ORDERS, World.PEOPLE, World.ENDING, "shop")),
          Map.entry("subscription", List.of("own", "takeover-one", "takeover-two", "absent")),
          Map.entry("log", List.of("_mesh", World.ORDERS, "shop")),
          Map.entry("text", List.of("orders", "secret", "ssn", "one", "two")));

  /** Values by type. */
  private static final Map<Class<?>, List<?>> VALUES =
      Map.ofEntries(
          Map.entry(int.class, List.of(1, 2, 3)),
          Map.entry(long.class, List.of(1L, 10L)),
          Map.entry(double.class, List.of(1.0)),
          Map.entry(boolean.class, List.of(true, false)),
          Map.entry(CharSequence.class, PRODUCTS),
          Map.entry(ProductName.class, List.of(ProductName.of(World.ORDERS))),
          Map.entry(Principal.class, World.STRANGERS),
          Map.entry(Permission.class, List.of(Permission.SELECT, Permission.DESCRIBE)),
          Map.entry(Instant.class, List.of(Instant.parse("2026-05-01T00:00:00Z"))),
          Map.entry(LocalDate.class, List.of(LocalDate.parse("2026-06-01"))),
          Map.entry(Duration.class, List.of(Duration.ofDays(1))),
          Map.entry(Period.class, List.of(Period.ofDays(30))),
          Map.entry(Class.class, List.of(World.Order.class)),
          Map.entry(Path.class, List.of(Path.of("absent.parquet"))),
          Map.entry(Contract.class, List.of(Contract.of(World.Order.class))),
          Map.entry(ContractVersion.class, List.of(ContractVersion.parse("1.0.0"))),
          Map.entry(TagSelection.class, List.of(TagSelection.where("domain").in("shop"))),
          Map.entry(Partition.class, List.of(Partition.identity("country"))),
          Map.entry(Iterable.class, List.of(List.of())),
          Map.entry(List.class, List.of(List.of())),
          Map.entry(Publish.FileFormat.class, List.of(Publish.FileFormat.jsonLines())),
          Map.entry(java.util.Iterator.class, List.of(java.util.Collections.emptyIterator())),
          Map.entry(
              org.apache.avro.Schema.class, List.of(Contract.of(World.Order.class).schema())));

  /** Interfaces of which an object that answers nothing is an argument. */
  private static final List<String> ANSWERING_NOTHING =
      List.of(
          "Progress",
          "StewardRequest",
          "AccessRequest",
          "PrivateKey",
          "PublicKey",
          "Appendable",
          "ResultSet",
          "Stream",
          "AccessOperation");

  private final long seed;

  DoorArguments(long seed) {
    this.seed = seed;
  }

  /** Returns the doors that take a signed value or a key, which no stranger has. */
  static boolean takesWhatStrangersLack(Class<?> type) {
    return type.getSimpleName().equals("Checkpoint") || type.getSimpleName().equals("Snapshot");
  }

  /** Returns a source of choices for a door. */
  Random random(String door) {
    return new Random(seed ^ door.hashCode());
  }

  /**
   * Returns lists of arguments, one with each product if the first parameter is one.
   *
   * @return empty if the table has none for a parameter
   */
  Optional<List<@Nullable Object[]>> of(String door, Method method) {
    Random random = random(door);
    Parameter[] parameters = method.getParameters();
    int variants =
        parameters.length > 0 && parameters[0].getType() == CharSequence.class
            ? PRODUCTS.size()
            : 1;
    List<@Nullable Object[]> all = new ArrayList<>();
    for (int variant = 0; variant < variants; variant++) {
      @Nullable Object[] arguments = new Object[parameters.length];
      for (int i = 0; i < parameters.length; i++) {
        Optional<Object> value =
            i == 0 && variants > 1
                ? Optional.of(texts(parameters[i]).get(variant))
                : value(parameters[i].getName(), parameters[i].getType(), random);
        if (value.isEmpty()) {
          return Optional.empty();
        }
        arguments[i] = value.get();
      }
      all.add(arguments);
    }
    return Optional.of(all);
  }

  private static List<String> texts(Parameter parameter) {
    return parameter.getName().equals("productOrDomain")
        ? TEXTS.getOrDefault(parameter.getName(), PRODUCTS)
        : PRODUCTS;
  }

  private Optional<Object> value(String name, Class<?> type, Random random) {
    if (type.isArray()) {
      return value(name, type.getComponentType(), random)
          .map(
              element -> {
                Object array = Array.newInstance(type.getComponentType(), 1);
                Array.set(array, 0, element);
                return array;
              });
    } else if (type == String.class) {
      return Optional.of(one(TEXTS.getOrDefault(name, List.of("some")), random));
    } else if (VALUES.containsKey(type)) {
      return Optional.of(one(VALUES.get(type), random));
    } else if (type.isEnum()) {
      return Optional.of(one(List.of(type.getEnumConstants()), random));
    } else if (type.isAssignableFrom(ByteArrayOutputStream.class) && type != Object.class) {
      return Optional.of(OutputStream.nullOutputStream());
    } else if (ANSWERING_NOTHING.contains(type.getSimpleName()) && type.isInterface()) {
      return Optional.of(nothing(type));
    } else if (type.getName().startsWith("java.util.function.")) {
      return Optional.of(
          Proxy.newProxyInstance(
              type.getClassLoader() == null
                  ? DoorArguments.class.getClassLoader()
                  : type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, called, values) ->
                  values == null || values.length == 0 || called.getReturnType() == boolean.class
                      ? (called.getReturnType() == boolean.class ? (Object) true : null)
                      : values[0]));
    }
    return Optional.empty();
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

  private static <T> T one(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }
}

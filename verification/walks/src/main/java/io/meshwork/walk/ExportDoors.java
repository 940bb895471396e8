package io.meshwork.walk;

import io.meshwork.MeshClient;
import io.meshwork.interchange.OdpsExport;
import io.meshwork.odcs.OdcsExport;
import io.meshwork.portal.Portal;
import io.meshwork.portal.PortalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The doors of the extensions: their public static methods that take a client, found by reflection,
 * and what the result prints, writes, or serves. For one thread.
 *
 * @param folder empty; gets what they write
 */
record ExportDoors(DoorWalk walk, MeshClient client, Path folder) {
  /** One type of the package of each extension. */
  private static final List<Class<?>> EXTENSIONS =
      List.of(OdcsExport.class, OdpsExport.class, Portal.class);

  private static final String NAMESPACE = "meshwork://walk";

  /** Asks all of them. */
  void ask() {
    for (Class<?> extension : EXTENSIONS) {
      for (Class<?> type : types(extension)) {
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> List.of(method.getParameterTypes()).contains(MeshClient.class))
            .sorted(Comparator.comparing(Method::toString))
            .forEach(this::ask);
      }
    }
  }

  private void ask(Method method) {
    for (String product : ShopProducts.ALL) {
      @Nullable Object[] arguments =
          Arrays.stream(method.getParameterTypes())
              .map(type -> argument(type, product, method))
              .toArray();
      String door = method.getDeclaringClass().getSimpleName() + "." + method.getName();
      walk.ask(
          door, door + "[" + product + "]", () -> shown(DoorWalk.invoke(method, null, arguments)));
      if (!List.of(arguments).contains(product)) {
        return; // It is about no product.
      }
    }
  }

  private Object argument(Class<?> type, String product, Method method) {
    if (type == MeshClient.class) {
      return client;
    } else if (type == CharSequence.class) {
      return product;
    } else if (type == CharSequence[].class) {
      return new CharSequence[] {"shop", "rival", "other"};
    } else if (type == String.class) {
      return NAMESPACE;
    } else if (type == int.class) {
      return 0;
    }
    throw new IllegalStateException("no argument for a " + type + " of " + method);
  }

  /** The public types in the package of a type. */
  private static List<Class<?>> types(Class<?> one) {
    try {
      Path source = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(source)) {
        return types(one, source);
      }
      try (FileSystem jar = FileSystems.newFileSystem(source)) {
        return types(one, jar.getPath("/"));
      }
    } catch (IOException | ReflectiveOperationException | URISyntaxException e) {
      throw new IllegalStateException("the types beside " + one + " cannot be listed", e);
    }
  }

  private static List<Class<?>> types(Class<?> one, Path root)
      throws IOException, ClassNotFoundException {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(root.resolve(one.getPackageName().replace('.', '/')))) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && !name.contains("-")) {
          Class<?> type =
              Class.forName(
                  one.getPackageName()
                      + "."
                      + name.substring(0, name.length() - ".class".length()));
          if (Modifier.isPublic(type.getModifiers())) {
            types.add(type);
          }
        }
      }
    }
    return types;
  }

  /** What an export prints and writes, and what a server answers. */
  private String shown(@Nullable Object export) throws InvocationTargetException {
    if (export instanceof PortalServer server) {
      try (server) {
        return ServedPages.of(server.address()).toString();
      }
    } else if (export instanceof PortalServer.Setup) {
      return "a server as start(..) starts it";
    }
    Map<String, String> shown = new TreeMap<>();
    for (Method method : DoorWalk.methods(Objects.requireNonNull(export).getClass())) {
      Class<?>[] parameters = method.getParameterTypes();
      if (parameters.length == 0 && !method.getName().equals("toString")) {
        shown.put(method.getName(), AnswerText.of(DoorWalk.invoke(method, export)));
      } else if (parameters.length == 1 && parameters[0] == Path.class) {
        Path target = folder.resolve(export.getClass().getSimpleName());
        shown.put(method.getName(), AnswerText.of(DoorWalk.invoke(method, export, target)));
        files(target).forEach((name, text) -> shown.put(method.getName() + "/" + name, text));
      }
    }
    return shown.toString();
  }

  private static Map<String, String> files(Path target) {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(
            target.relativize(file).toString(),
            AnswerText.normalized(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

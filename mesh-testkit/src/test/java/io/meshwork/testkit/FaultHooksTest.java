package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every method of every port has faults: after a kill, each throws. A new method of a port fails
 * here until its wrapper has a hook.
 */
class FaultHooksTest {
  private static final String LOCATION = "memory:/file";

  /** Methods without a call of the store, and those that release resources. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "location",
          "properties",
          "getPos",
          "close",
          "mark",
          "reset",
          "markSupported",
          "deliversEvents");

  /** A notice with these attributes. */
  private record WrittenNotice(
      String id,
      Kind kind,
      ProductName product,
      String to,
      Domain domain,
      String subject,
      String text,
      Instant at,
      String eventId,
      Map<String, String> facts)
      implements Notice {}

  private static final Notice NOTICE =
      new WrittenNotice(
          "commerce/sales/1/defined",
          Notice.Kind.DEFINED,
          ProductName.of("commerce/sales"),
          "shop@example.org",
          new Domain("commerce", "", "", "", List.of(), List.of(), List.of()),
          "subject",
          "text",
          Instant.parse("2026-11-20T08:00:00Z"),
          "commerce/sales/1",
          Map.of());

  private final Faults faults = Faults.seeded(1);
  private final FileIO realFiles = new MemoryFileIO();
  private final FileIO files = faults.files(realFiles);

  @BeforeEach
  void aFile() throws Exception {
    try (OutputStream out = realFiles.newOutputFile(LOCATION).create()) {
      out.write(new byte[100]);
    }
  }

  @Test
  void noCallOfARegistrySucceedsAfterAKill() {
    Registry registry = faults.registry(new InMemoryRegistry());
    kill();

    assertThat(unhooked(Registry.class, registry)).isEmpty();
  }

  @Test
  void noCallOfFilesSucceedsAfterAKill() {
    kill();

    assertThat(files).isInstanceOf(SupportsPrefixOperations.class);
    assertThat(unhooked(FileIO.class, files)).isEmpty();
    assertThat(unhooked(SupportsPrefixOperations.class, files)).isEmpty();
    assertThat(unhooked(SupportsBulkOperations.class, files)).isEmpty();
  }

  @Test
  void noCallOfAFileSucceedsAfterAKill() {
    InputFile input = files.newInputFile(LOCATION);
    OutputFile output = files.newOutputFile(LOCATION + "2");
    kill();

    assertThat(unhooked(InputFile.class, input)).isEmpty();
    assertThat(unhooked(OutputFile.class, output)).isEmpty();
  }

  @Test
  void noCallOfAStreamSucceedsAfterAKill() {
    SeekableInputStream input = files.newInputFile(LOCATION).newStream();
    SeekableInputStream ranged =
        new FaultyInputStream.RangedStream(input, proxy(RangeReadable.class), LOCATION, faults);
    PositionOutputStream output = files.newOutputFile(LOCATION + "2").create();
    kill();

    assertThat(unhooked(SeekableInputStream.class, input)).isEmpty();
    assertThat(unhooked(RangeReadable.class, ranged)).isEmpty();
    assertThat(unhooked(PositionOutputStream.class, output)).isEmpty();
  }

  @Test
  void noNoticeIsDeliveredAfterAKill() {
    RecordingNotifier notices = new RecordingNotifier();
    Notifier notifier = faults.notifier(notices);
    notifier.deliver(NOTICE);
    faults.on(Port.NOTIFY).path("commerce/sales/**").nth(1).loseReply();
    assertThatThrownBy(() -> notifier.deliver(NOTICE)).isInstanceOf(IllegalStateException.class);
    faults.on(Port.NOTIFY).nth(1).failBefore();
    assertThatThrownBy(() -> notifier.deliver(NOTICE)).isInstanceOf(IllegalStateException.class);
    kill();

    assertThat(unhooked(Notifier.class, notifier)).isEmpty();
    assertThat(notices.all()).containsExactly(NOTICE, NOTICE);
    assertThat(notices.once()).containsExactly(NOTICE);
  }

  @Test
  void anOpenFileIsNotCreatedAfterAKill() throws Exception {
    PositionOutputStream output = files.newOutputFile(LOCATION + "2").create();
    output.write(new byte[10]);
    kill();

    assertThat(thrown(output, "close")).isInstanceOf(SimulatedCrash.class);
    assertThat(realFiles.newInputFile(LOCATION + "2").exists()).isFalse();
  }

  @Test
  void aMethodWithoutAFaultHookIsFound() {
    kill();

    assertThat(unhooked(FileIO.class, realFiles)).contains("deleteFile(String)");
  }

  private void kill() {
    faults.onAny().nth(1).crash(Phase.BEFORE, Death.KILL);
    assertThat(thrown(files, "deleteFile", LOCATION)).isInstanceOf(SimulatedCrash.class);
    assertThat(faults.isDead()).isTrue();
    assertThat(faults.trace()).contains(Port.FILE_DELETE.name());
  }

  /** Returns the methods of a port, including inherited ones, that do not fail after a kill. */
  private static Set<String> unhooked(Class<?> port, Object wrapper) {
    Set<String> unhooked = new TreeSet<>();
    for (Method method : port.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())
          || method.getDeclaringClass() == Object.class
          || WITHOUT_EFFECT.contains(method.getName())) {
        continue;
      }
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = argument(method.getParameterTypes()[i]);
      }
      if (!(thrown(method, wrapper, arguments) instanceof SimulatedCrash)) {
        StringBuilder name = new StringBuilder(method.getName()).append('(');
        for (Class<?> parameter : method.getParameterTypes()) {
          name.append(parameter.getSimpleName());
        }
        unhooked.add(name.append(')').toString());
      }
    }
    return unhooked;
  }

  private static Throwable thrown(Object target, String name, Object... arguments) {
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == arguments.length
          && (arguments.length == 0 || method.getParameterTypes()[0].isInstance(arguments[0]))) {
        return thrown(method, target, arguments);
      }
    }
    throw new AssertionError("There is no method " + name);
  }

  private static Throwable thrown(Method method, Object target, Object... arguments) {
    try {
      method.setAccessible(true);
      method.invoke(target, arguments);
      return null;
    } catch (InvocationTargetException e) {
      return e.getCause();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Object argument(Class<?> type) {
    Map<Class<?>, Object> ready =
        Map.of(
            int.class,
            1,
            long.class,
            1L,
            String.class,
            LOCATION,
            byte[].class,
            new byte[4],
            Map.class,
            Map.of(),
            List.class,
            List.of(),
            Iterable.class,
            List.of(LOCATION),
            OutputStream.class,
            OutputStream.nullOutputStream(),
            Registry.Key.class,
            new Registry.Key("a", "b"),
            Transaction.class,
            Transaction.attempt("1").insert(new Registry.Key("a", "b"), "{}").build());
    if (type == Notice.class) {
      return NOTICE;
    } else if (type == Domain.class) {
      return NOTICE.domain();
    } else if (type == boolean.class) {
      return true;
    } else if (type == Duration.class) {
      return Duration.ZERO;
    }
    return Optional.ofNullable(ready.get(type)).orElseGet(() -> proxy(type));
  }

  /** Returns a proxy that returns the location for texts, and empty values otherwise. */
  private static <T> T proxy(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultHooksTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getReturnType() == String.class
                    ? LOCATION
                    : method.getReturnType() == long.class ? (Object) 0L : null));
  }
}

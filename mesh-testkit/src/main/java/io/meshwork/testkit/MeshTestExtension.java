package io.meshwork.testkit;

import java.lang.reflect.InvocationTargetException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a class of {@link MeshTest} once on each backend that it names. */
final class MeshTestExtension implements ClassTemplateInvocationContextProvider {
  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getRequiredTestClass(), MeshTest.class);
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    Class<?> tests = context.getRequiredTestClass();
    MeshTest settings = AnnotationSupport.findAnnotation(tests, MeshTest.class).orElseThrow();
    Instant start = start(settings, tests);
    if (settings.on().length == 0) {
      throw invalid(tests, "has no backend in 'on'; omit 'on' to run in memory", null);
    }
    return Arrays.stream(settings.on())
        .map(type -> backend(type, tests))
        .map(backend -> on(backend, settings, start));
  }

  private static ClassTemplateInvocationContext on(
      TestBackend backend, MeshTest settings, Instant start) {
    return new ClassTemplateInvocationContext() {
      @Override
      public String getDisplayName(int invocation) {
        return backend.displayName();
      }

      @Override
      public List<Extension> getAdditionalExtensions() {
        return List.of(new FreshMesh(backend, settings, start));
      }
    };
  }

  private static Instant start(MeshTest settings, Class<?> tests) {
    try {
      return Instant.parse(settings.startingAt());
    } catch (DateTimeException e) {
      throw invalid(
          tests,
          "starts at '" + settings.startingAt() + "'; use the form 2026-01-01T00:00:00Z",
          null);
    }
  }

  private static TestBackend backend(Class<? extends TestBackend> type, Class<?> tests) {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw invalid(
          tests, "runs on " + type.getName() + ", whose constructor failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw invalid(
          tests,
          "runs on " + type.getName() + ", which has no accessible constructor without parameters",
          e);
    }
  }

  private static ExtensionConfigurationException invalid(
      Class<?> tests, String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new ExtensionConfigurationException(
        "@MeshTest on " + tests.getName() + " " + what + ".", cause);
  }
}

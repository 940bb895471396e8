package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Opens a mesh before each test, resolves parameters, and closes the mesh afterwards. */
final class FreshMesh implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(FreshMesh.class);

  /** The types of parameters, and their sources. */
  private static final Map<Class<?>, BiFunction<MeshUnderTest, ParameterContext, Object>>
      PARAMETERS =
          Map.of(
              Mesh.class, (test, parameter) -> test.mesh(),
              ManualClock.class, (test, parameter) -> test.clock(),
              Faults.class, (test, parameter) -> test.faults(),
              RecordingNotifier.class, (test, parameter) -> test.notices(),
              MeshClient.class, (test, parameter) -> test.actingAs(principal(parameter)));

  private final TestBackend backend;
  private final MeshTest settings;
  private final Instant start;

  FreshMesh(TestBackend backend, MeshTest settings, Instant start) {
    this.backend = backend;
    this.settings = settings;
    this.start = start;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    MeshUnderTest test =
        MeshUnderTest.open(
            backend,
            start,
            hasParameter(Faults.class, context),
            hasParameter(RecordingNotifier.class, context));
    context.getStore(NAMESPACE).put(MeshUnderTest.class, test);
    test.register(List.of(settings.domains()), principals(context));
  }

  /** Tests without this parameter get a mesh as in production. */
  private static boolean hasParameter(Class<?> parameter, ExtensionContext context) {
    return methods(context)
        .anyMatch(method -> List.of(method.getParameterTypes()).contains(parameter));
  }

  /** Returns the principals that parameters of the test's methods name, in order. */
  private static SortedSet<String> principals(ExtensionContext context) {
    return methods(context)
        .flatMap(method -> Stream.of(method.getParameters()))
        .flatMap(parameter -> Stream.ofNullable(parameter.getAnnotation(As.class)))
        .map(As::value)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Method> methods(ExtensionContext context) {
    return context.getRequiredTestInstances().getAllInstances().stream()
        .flatMap(
            tests ->
                ReflectionSupport.findMethods(
                    tests.getClass(), method -> true, HierarchyTraversalMode.TOP_DOWN)
                    .stream());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    MeshUnderTest test = meshOf(context);
    if (test == null) {
      return;
    }
    Optional<Throwable> failure = context.getExecutionException();
    boolean forgot =
        failure.isEmpty() && !settings.allowUncommitted() && test.leavesOperationsUncommitted();
    if (failure.filter(FreshMesh::isFailure).isPresent() || test.leavesReadersOpen() || forgot) {
      System.err.println(
          test.summary("'" + context.getDisplayName() + "' " + backend.displayName()));
    }
    test.close();
    if (forgot) {
      test.failIfUncommitted();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    MeshUnderTest test = meshOf(context);
    if (test == null) {
      throw new ParameterResolutionException(
          "The mesh for "
              + parameter.getParameter()
              + " does not exist yet: each test has its own. Use a parameter of the test, or of a"
              + " method with @BeforeEach or @AfterEach.");
    }
    Class<?> type = parameter.getParameter().getType();
    BiFunction<MeshUnderTest, ParameterContext, Object> source = PARAMETERS.get(type);
    if (source == null) {
      throw new ParameterResolutionException("@MeshTest does not provide a " + type.getName());
    }
    return source.apply(test, parameter);
  }

  private static @Nullable MeshUnderTest meshOf(ExtensionContext context) {
    return context.getStore(NAMESPACE).get(MeshUnderTest.class, MeshUnderTest.class);
  }

  private static String principal(ParameterContext parameter) {
    return parameter
        .findAnnotation(As.class)
        .map(As::value)
        .orElseThrow(
            () ->
                new ParameterResolutionException(
                    parameter.getParameter()
                        + " has no principal. Add @As(..), such as @As(\"commerce/etl\")"
                        + " MeshClient commerce."));
  }

  /** Returns false for a failed assumption, which aborts a test without failing it. */
  private static boolean isFailure(Throwable cause) {
    return !cause.getClass().getName().equals("org.opentest4j.TestAbortedException");
  }
}

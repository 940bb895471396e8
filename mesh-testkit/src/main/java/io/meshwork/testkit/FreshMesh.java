package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Opens a mesh before each test, hands out what belongs to it, and closes it afterwards. */
final class FreshMesh implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(FreshMesh.class);

  /** What a test may ask for, and where it comes from. */
  private static final Map<Class<?>, BiFunction<MeshOfTest, ParameterContext, Object>> PARAMETERS =
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
    MeshOfTest test =
        MeshOfTest.open(
            backend,
            start,
            anybodyTakes(Faults.class, context),
            anybodyTakes(RecordingNotifier.class, context));
    context.getStore(NAMESPACE).put(MeshOfTest.class, test);
    test.register(List.of(settings.domains()));
  }

  /** So that who does not ask for them has a mesh as production has it. */
  private static boolean anybodyTakes(Class<?> parameter, ExtensionContext context) {
    for (Class<?> tests :
        context.getRequiredTestInstances().getAllInstances().stream()
            .<Class<?>>map(Object::getClass)
            .toList()) {
      if (!ReflectionSupport.findMethods(
              tests,
              method -> List.of(method.getParameterTypes()).contains(parameter),
              HierarchyTraversalMode.TOP_DOWN)
          .isEmpty()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    MeshOfTest test = running(context);
    if (test == null) {
      return;
    }
    Optional<Throwable> failure = context.getExecutionException();
    if (failure.filter(FreshMesh::isFailure).isPresent() || test.leavesReadersOpen()) {
      System.err.println(
          test.account("'" + context.getDisplayName() + "' " + backend.displayName()));
    }
    test.close();
    if (failure.isEmpty() && !settings.allowingUncommitted()) {
      test.failIfUncommitted();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return PARAMETERS.containsKey(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    MeshOfTest test = running(context);
    if (test == null) {
      throw new ParameterResolutionException(
          "There is no mesh yet for "
              + parameter.getParameter()
              + ": each test has one of its own. Take it as a parameter of the test, or of a method"
              + " with @BeforeEach or @AfterEach.");
    }
    Class<?> type = parameter.getParameter().getType();
    BiFunction<MeshOfTest, ParameterContext, Object> source = PARAMETERS.get(type);
    if (source == null) {
      throw new ParameterResolutionException("A mesh's test has no " + type.getName());
    }
    return source.apply(test, parameter);
  }

  private static @Nullable MeshOfTest running(ExtensionContext context) {
    return context.getStore(NAMESPACE).get(MeshOfTest.class, MeshOfTest.class);
  }

  private static String principal(ParameterContext parameter) {
    return parameter
        .findAnnotation(As.class)
        .map(As::value)
        .orElseThrow(
            () ->
                new ParameterResolutionException(
                    "Who acts through "
                        + parameter.getParameter()
                        + "? Say it, such as @As(\"commerce/etl\") MeshClient commerce."));
  }

  /** An assumption that does not hold ends a test without its failing. */
  private static boolean isFailure(Throwable end) {
    return !end.getClass().getName().equals("org.opentest4j.TestAbortedException");
  }
}

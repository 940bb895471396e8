package io.meshwork.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class a new, empty mesh and a manual clock. Test methods and methods with
 * {@code @BeforeEach} or {@code @AfterEach} may take these parameters:
 *
 * <ul>
 *   <li>{@code @As("commerce/etl") MeshClient}: a client that acts as this principal;
 *   <li>{@code Mesh}: the mesh;
 *   <li>{@link ManualClock}: the mesh's clock, which its retries advance;
 *   <li>{@link Faults}: makes the mesh's ports fail; cleared after each test;
 *   <li>{@link RecordingNotifier}: records the notices of {@code mesh.deliverNotices()}.
 * </ul>
 *
 * <pre>{@code
 * @MeshTest(domains = "commerce")
 * class DailyOrdersTest {
 *   @Test
 *   void aDayIsPublishedOnce(@As("commerce/etl") MeshClient commerce) { … }
 * }
 * }</pre>
 *
 * <p>After a failed test, the committed and rejected operations and each product's history are
 * written to standard error, without field values. A test fails if it leaves a reader open; the
 * stack trace shows where the reader was opened. A test also fails if it creates an operation and
 * neither plans nor commits it, unless {@link #allowUncommitted()} is set. The mesh is closed after
 * each test.
 *
 * <p>Requires JUnit 5.14 or newer, or 6. The class is a class template: reports show its tests
 * below the name of the backend.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ClassTemplate
@ExtendWith(MeshTestExtension.class)
public @interface MeshTest {
  /**
   * Returns the domains to register before each test. The roles that parameters with {@link As}
   * name are their administrators. Default: none.
   */
  String[] domains() default {};

  /**
   * Returns the backends; all tests run on each of them in turn. Default: in memory. The classes
   * need a constructor without parameters.
   */
  Class<? extends TestBackend>[] on() default TestBackend.InMemory.class;

  /**
   * Returns whether tests may create operations that they neither plan nor commit. Default: such a
   * test fails, because {@code commit()} was probably forgotten.
   */
  boolean allowUncommitted() default false;

  /**
   * Returns what the {@link ManualClock} shows at the start of each test, in ISO 8601 and UTC.
   * Default: the midnight at which the year 2026 begins. Parameters of {@code @BeforeEach} methods
   * see the same clock.
   */
  String startingAt() default "2026-01-01T00:00:00Z";
}

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
 * A test class whose every test gets a fresh, empty mesh and a clock that stands still. Methods of
 * tests, and those before and after each, take as parameters what they need:
 *
 * <ul>
 *   <li>{@code @As("commerce/etl") MeshClient}: the verbs, for one who acts;
 *   <li>{@code Mesh}: the mesh itself;
 *   <li>{@link ManualClock}: the mesh's clock, and what its retries wait by;
 *   <li>{@link Faults}: makes the mesh's ports fail; forgotten after each test;
 *   <li>{@link RecordingNotifier}: records what {@code mesh.deliverNotices()} tells.
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
 * <p>After a test that failed, who published what and who was refused is written to standard error,
 * with each product's history; never a field's value. A test that leaves a reader open fails, and
 * its stack trace is the place where the reader was opened. So does one that describes an operation
 * and neither plans nor commits it, unless {@link #allowingUncommitted()}. The mesh is closed after
 * each test.
 *
 * <p>Needs JUnit 5.14 or newer, or 6. The class is a class template: its tests stand one level
 * deeper in reports, below the name of what they ran on.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ClassTemplate
@ExtendWith(MeshTestExtension.class)
public @interface MeshTest {
  /** Domains that are registered before each test. Default: none. */
  String[] domains() default {};

  /**
   * What the tests run on: all of them on each, one after the other. Default: in memory. The
   * classes have a constructor without parameters.
   */
  Class<? extends TestBackend>[] on() default TestBackend.InMemory.class;

  /**
   * Whether tests may describe operations that they neither plan nor commit. Default: a test that
   * does so fails, since {@code commit()} was most likely forgotten.
   */
  boolean allowingUncommitted() default false;

  /** Where the clock stands when a test begins, as ISO 8601 writes a moment in UTC. */
  String startingAt() default "2026-01-01T00:00:00Z";
}

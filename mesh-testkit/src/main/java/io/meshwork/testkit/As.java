package io.meshwork.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Sets the principal of a {@code MeshClient} parameter in a test of {@link MeshTest}. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface As {
  /**
   * Returns account and role, such as {@code commerce/etl}; each domain has an account of its name.
   * The role administers the domain; for a role that does not, use {@code mesh.clientAs(..)}.
   */
  String value();
}

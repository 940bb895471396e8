package io.meshwork.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Who acts through the {@code MeshClient} that a test of {@link MeshTest} takes as a parameter. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface As {
  /** Account and role, such as {@code commerce/etl}; each domain has an account of its name. */
  String value();
}

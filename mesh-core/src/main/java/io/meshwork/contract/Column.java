package io.meshwork.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what the component of a Java record cannot say by its name and type alone: the column's
 * name, or the digits of a decimal.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.METHOD, ElementType.FIELD})
public @interface Column {
  /** The column's name; the component's own name when empty. */
  String value() default "";

  /** Digits of a decimal, 1 to 38; 0 where it does not apply. */
  int precision() default 0;

  /** Digits after the point of a decimal, 0 to the precision. */
  int scale() default 0;
}

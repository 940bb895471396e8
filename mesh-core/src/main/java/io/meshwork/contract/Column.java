package io.meshwork.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a component of a Java record cannot say itself: the column's name, a decimal's size.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Column {
  /** The column's name where it is no good Java name; empty: the component's own name. */
  String value() default "";

  /**
   * Digits of a {@code BigDecimal}, or of those that a list or map holds, 1 to 38; needed there,
   * and nowhere else.
   */
  int precision() default 0;

  /** Digits after the point of a {@code BigDecimal}, 0 to the precision. */
  int scale() default 0;
}

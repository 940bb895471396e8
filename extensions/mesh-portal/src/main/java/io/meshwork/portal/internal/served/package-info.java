/** Answers the requests of a browser, and does what forms say. */
@NullMarked
package io.meshwork.portal.internal.served;

import org.jspecify.annotations.NullMarked;

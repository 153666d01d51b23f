package io.drydock.runc.cgroups.dbus;

import java.util.List;

/**
 * A message; texts that it does not have are empty.
 *
 * @param replySerial of a return or an error: the call's serial
 * @param error an error's name
 * @param signature of the body
 */
public record Message(
        Type type,
        int serial,
        int replySerial,
        String path,
        String interfaceName,
        String member,
        String error,
        String destination,
        String sender,
        String signature,
        List<Object> body) {
    public Message {
        body = List.copyOf(body);
    }

    /** In the order of their numbers, from 1. */
    public enum Type {
        CALL,
        RETURN,
        ERROR,
        SIGNAL
    }

    public static Message call(
            String destination, String path, String interfaceName, String member, String signature, Object... body) {
        return new Message(Type.CALL, 0, 0, path, interfaceName, member, "", destination, "", signature, List.of(body));
    }

    public static Message signal(String path, String interfaceName, String member, String signature, Object... body) {
        return new Message(Type.SIGNAL, 0, 0, path, interfaceName, member, "", "", "", signature, List.of(body));
    }

    /** The answer to this call. */
    public Message answer(String answerSignature, Object... answer) {
        return new Message(Type.RETURN, 0, serial, "", "", "", "", sender, "", answerSignature, List.of(answer));
    }

    /** The answer that it failed. */
    public Message failure(String name, String words) {
        return new Message(Type.ERROR, 0, serial, "", "", "", name, sender, "", "s", List.of(words));
    }
}

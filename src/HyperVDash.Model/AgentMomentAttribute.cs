namespace HyperVDash.Model;

/// <summary>
/// A moment that comes from when the agent looked, and from what it remembers of earlier looks, not from what the host said. A single look remembers nothing, so
/// there it only repeats the time of that look; <c>agent inventory</c> leaves it out, and the same host gives the same text twice.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AgentMomentAttribute : Attribute;

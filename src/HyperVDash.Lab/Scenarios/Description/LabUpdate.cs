namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>An update that was installed.</summary>
/// <param name="InstalledOn">As Windows writes it: month, day and year, e.g. <c>2/13/2026</c>.</param>
public sealed record LabUpdate(string Id, string InstalledOn);

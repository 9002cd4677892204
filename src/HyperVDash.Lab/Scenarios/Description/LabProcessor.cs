namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>What sits in a host's sockets.</summary>
/// <param name="Caption">As Windows makes it up: <c>Intel64 Family 6 Model 85 Stepping 7</c>.</param>
public sealed record LabProcessor(string Name, string Manufacturer, string Caption, uint MegaHertz)
{
    public static LabProcessor Xeon6230 { get; } = new("Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", "GenuineIntel", "Intel64 Family 6 Model 85 Stepping 7", 2100);

    public static LabProcessor XeonE5450 { get; } = new("Intel(R) Xeon(R) CPU           E5450  @ 3.00GHz", "GenuineIntel", "Intel64 Family 6 Model 23 Stepping 6", 3000);

    public static LabProcessor Xeon6338 { get; } = new("Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "GenuineIntel", "Intel64 Family 6 Model 106 Stepping 6", 2000);

    public static LabProcessor Epyc7302 { get; } = new("AMD EPYC 7302 16-Core Processor", "AuthenticAMD", "AMD64 Family 23 Model 49 Stepping 0", 3000);
}

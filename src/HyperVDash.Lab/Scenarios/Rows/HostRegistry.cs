using System.Buffers.Binary;
using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Rows;

/// <summary>What a host keeps of itself in HKEY_LOCAL_MACHINE.</summary>
internal static class HostRegistry
{
    /// <param name="key">Makes a key, or finds it.</param>
    public static void Fill(HostTables t, Func<string, Dictionary<string, object>> key)
    {
        var d = t.Description;
        string name = d.RegistryName ?? d.Name;
        key(@"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName")["ComputerName"] = name;
        key(@"SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName")["ComputerName"] = d.RestartMarks.Contains(LabRestartMark.ComputerRename) ? $"OLD-{name}" : name;
        var time = key(@"SYSTEM\CurrentControlSet\Services\W32Time\Parameters");
        time["Type"] = d.TimeSource;
        time["NtpServer"] = "time.windows.com,0x8";
        foreach (string log in (string[])["Application", "Security", "System", .. d.MoreClassicLogs])
        {
            key($@"SYSTEM\CurrentControlSet\Services\EventLog\{log}");
        }

        Mark(d, key);
        if (t.HasV1)
        {
            var hyperV = key(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization");
            hyperV["MinimumMacAddress"] = Convert.FromHexString(ServiceRows.MacRange(t).First);
            hyperV["MaximumMacAddress"] = Convert.FromHexString(ServiceRows.MacRange(t).Last);
        }

        if (d.Replica is { Thumbprint: { } thumbprint, Certificate: { } certificate })
        {
            key($@"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates\{thumbprint}")["Blob"] = Blob(Convert.FromHexString(thumbprint), [.. certificate]);
        }
    }

    private static void Mark(HostDescription d, Func<string, Dictionary<string, object>> key)
    {
        const string windows = @"SOFTWARE\Microsoft\Windows\CurrentVersion";
        key($@"{windows}\Component Based Servicing")["Version"] = 1;
        key($@"{windows}\WindowsUpdate\Auto Update")["AUOptions"] = 4;
        var session = key(@"SYSTEM\CurrentControlSet\Control\Session Manager");
        session["ProtectionMode"] = 1;
        foreach (var mark in d.RestartMarks)
        {
            switch (mark)
            {
                case LabRestartMark.ComponentServicing:
                    key($@"{windows}\Component Based Servicing\RebootPending");
                    break;
                case LabRestartMark.WindowsUpdate:
                    key($@"{windows}\WindowsUpdate\Auto Update\RebootRequired");
                    break;
                case LabRestartMark.FileRename:
                    session["PendingFileRenameOperations"] = (string[])[@"\??\C:\Windows\Temp\setup.tmp", ""];
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Property 3 is the thumbprint, 32 the certificate.</summary>
    private static byte[] Blob(byte[] thumbprint, byte[] certificate) => [.. Property(3, thumbprint), .. Property(32, certificate)];

    private static byte[] Property(uint number, byte[] content)
    {
        byte[] bytes = new byte[12 + content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)content.Length);
        content.CopyTo(bytes, 12);
        return bytes;
    }
}

namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Text that Windows translates.</summary>
public sealed record LabWords
{
    public string VirtualMachine { get; init; } = "Virtual Machine";

    public string VirtualMachineDescription { get; init; } = "Microsoft Virtual Machine";

    public string HostingComputer { get; init; } = "Hosting Computer System";

    public string HostDescription { get; init; } = "Microsoft Hosting Computer System";

    public string OperatingNormally { get; init; } = "Operating normally";

    public string Settings { get; init; } = "Virtual Machine Settings";

    public string HardDrive { get; init; } = "Hard Drive";

    public string HardDiskImage { get; init; } = "Hard Disk Image";

    public string DvdDrive { get; init; } = "DVD Drive";

    public string DvdImage { get; init; } = "ISO Disk Image";

    public string Floppy { get; init; } = "Diskette Drive";

    public string IdeController { get; init; } = "IDE Controller";

    public string ScsiController { get; init; } = "SCSI Controller";

    public string NetworkAdapter { get; init; } = "Network Adapter";

    public string LegacyNetworkAdapter { get; init; } = "Legacy Network Adapter";

    public string Memory { get; init; } = "Memory";

    public string Processor { get; init; } = "Processor";

    public string Keyboard { get; init; } = "Keyboard";

    public string Mouse { get; init; } = "Mouse";

    public string Display { get; init; } = "Display Controller";

    public string SerialPort { get; init; } = "COM";

    public string Heartbeat { get; init; } = "Heartbeat";

    public string KeyValuePairs { get; init; } = "Key-Value Pair Exchange";

    public string Shutdown { get; init; } = "Shutdown";

    public string TimeSync { get; init; } = "Time Synchronization";

    public string Backup { get; init; } = "Backup (volume shadow copy)";

    public string GuestService { get; init; } = "Guest Service Interface";

    public string JumboPacket { get; init; } = "Jumbo Packet";

    public string Disabled { get; init; } = "Disabled";

    public string NoContact { get; init; } = "No Contact";

    public string VirtualMachineManagement { get; init; } = "Hyper-V Virtual Machine Management";

    public string FileServices { get; init; } = "File and Storage Services";

    public string PrintServices { get; init; } = "Print and Document Services";

    public string DnsServer { get; init; } = "DNS Server";

    public string DirectoryServices { get; init; } = "Active Directory Domain Services";

    public string Clustering { get; init; } = "Failover Clustering";

    public static LabWords English { get; } = new();

    public static LabWords German { get; } = new()
    {
        VirtualMachine = "Virtueller Computer", VirtualMachineDescription = "Virtueller Microsoft-Computer", HostingComputer = "Hostcomputersystem",
        HostDescription = "Microsoft-Hostcomputersystem", OperatingNormally = "Normaler Betrieb", Settings = "Einstellungen des virtuellen Computers",
        HardDrive = "Festplatte", HardDiskImage = "Festplattenabbild", DvdDrive = "DVD-Laufwerk", DvdImage = "ISO-Datenträgerabbild", Floppy = "Diskettenlaufwerk",
        IdeController = "IDE-Controller", ScsiController = "SCSI-Controller", NetworkAdapter = "Netzwerkkarte", LegacyNetworkAdapter = "Ältere Netzwerkkarte",
        Memory = "Arbeitsspeicher", Processor = "Prozessor", Keyboard = "Tastatur", Mouse = "Maus", Display = "Anzeigecontroller",
        Heartbeat = "Takt", KeyValuePairs = "Austausch von Schlüsselwertpaaren", Shutdown = "Herunterfahren", TimeSync = "Zeitsynchronisierung",
        Backup = "Sicherung (Volumeschattenkopie)", GuestService = "Gastdienstschnittstelle", NoContact = "Kein Kontakt", JumboPacket = "Großrahmen", Disabled = "Deaktiviert",
        VirtualMachineManagement = "Hyper-V-Verwaltung für virtuelle Computer", FileServices = "Datei-/Speicherdienste",
        PrintServices = "Druck- und Dokumentdienste", DnsServer = "DNS-Server", DirectoryServices = "Active Directory-Domänendienste", Clustering = "Failoverclustering",
    };

    public static LabWords Japanese { get; } = new()
    {
        VirtualMachine = "仮想マシン", HostingComputer = "ホスト コンピューター システム", HostDescription = "Microsoft ホスト コンピューター システム",
        OperatingNormally = "正常稼働中", Settings = "仮想マシンの設定", HardDrive = "ハード ドライブ", HardDiskImage = "ハード ディスク イメージ",
        DvdDrive = "DVD ドライブ", DvdImage = "ISO ディスク イメージ", Floppy = "フロッピー ディスク ドライブ", IdeController = "IDE コントローラー",
        ScsiController = "SCSI コントローラー", NetworkAdapter = "ネットワーク アダプター", LegacyNetworkAdapter = "レガシ ネットワーク アダプター", Memory = "メモリ",
        Processor = "プロセッサ", Keyboard = "キーボード", Mouse = "マウス", Display = "ディスプレイ コントローラー", Heartbeat = "ハートビート",
        KeyValuePairs = "キー値ペア交換", Shutdown = "シャットダウン", TimeSync = "時刻の同期", Backup = "バックアップ (ボリューム シャドウ コピー)",
        GuestService = "ゲスト サービス インターフェイス", NoContact = "通信なし", JumboPacket = "ジャンボ パケット", Disabled = "無効", VirtualMachineManagement = "Hyper-V 仮想マシンの管理",
        FileServices = "ファイル サービスと記憶域サービス", PrintServices = "印刷とドキュメント サービス", DnsServer = "DNS サーバー",
        DirectoryServices = "Active Directory ドメイン サービス", Clustering = "フェールオーバー クラスタリング",
    };
}
